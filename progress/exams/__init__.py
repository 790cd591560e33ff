"""Design reviews as exams, and the drill on their failure modes."""
