"""Make an account that may edit, or let an existing one edit."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction


class Command(BaseCommand):
    help = "Make an administrator who signs in with an e-mail address. The password is asked for, or read from a pipe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", help="asked for when left out")

    def handle(self, *, email: str | None, **options: Any) -> str:
        try:
            email = (email or input("E-mail: ")).strip().lower()
            validate_email(email)
            known = User.objects.filter(email__iexact=email).first()
            if known:
                User.objects.filter(pk=known.pk).update(is_staff=True, is_superuser=True, is_active=True)
                return f"{email} has an account; it may now edit. Its password is as it was."
            make_admin(email, ask_password())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except (EOFError, KeyboardInterrupt) as error:
            raise CommandError("Nothing was made.") from error
        return f"{email} may now sign in and edit."


@transaction.atomic
def make_admin(email: str, password: str) -> User:
    """Make a superuser whose address counts as verified: whoever can run this owns the machine."""
    user = User(email=email, is_staff=True, is_superuser=True)
    validate_password(password, user)
    get_adapter().populate_username(None, user)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise ValidationError("The two passwords differ.")
    return password
