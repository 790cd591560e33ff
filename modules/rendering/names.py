"""Names with digits in them: H100, GPT-3, Llama 3.1 70B, top-5, Section 3.2 say nothing that wants defence.

A name is what people call one thing whatever its digits say. When in doubt a numeral is no name:
the author can cite it, print it from the ledger or spell it out, and this page can grow a line.
"""

import re
from collections.abc import Iterator

# Families of models, with a version or a size after them: "Llama 3.1 8B and 70B", "OPT-13B".
_MODELS = (
    "Llama|LLaMA|Code Llama|Vicuna|Alpaca|Mistral|Mixtral|Codestral|Gemma|Gemini|PaLM|LaMDA|Gopher|Chinchilla|Claude|"
    "GPT|ChatGPT|InstructGPT|Codex|Whisper|DALL[-·]E|Sora|CLIP|Qwen|QwQ|DeepSeek|Yi|Kimi|GLM|MiniMax|Phi|OLMo|Pythia|"
    "GPT-NeoX|GPT-J|OPT|BLOOM|Falcon|MPT|StarCoder|Mamba|RWKV|Jamba|Command R|Grok|Nemotron|BERT|RoBERTa|DeBERTa|T5|"
    "Switch|GLaM|ViT|DiT|ResNet|VGG|Inception|EfficientNet|Stable Diffusion|SDXL|FLUX|Imagen|Veo|Midjourney|Hunyuan|"
    "HunyuanVideo|Megatron-Turing|MT-NLG|Flamingo|LLaVA|BLIP|SAM|AlphaGo|AlphaFold|AlphaCode|Muse|Stockfish"
)
_VARIANTS = (
    "Opus|Sonnet|Haiku|Pro|Flash|Flash-Lite|Ultra|Nano|Turbo|Mini|mini|Instruct|Chat|Base|Large|Small|Medium|XL|"
    "Coder|Math|Vision|Scout|Maverick|Distill|Zero|Preview"
)
# What has released versions.
_PRODUCTS = (
    "Python|CPython|CUDA|cuDNN|NCCL|PyTorch|torch|TorchInductor|TensorFlow|JAX|Keras|NumPy|SciPy|SymPy|Triton|CUTLASS|"
    "vLLM|SGLang|TensorRT|TensorRT-LLM|Transformers|Megatron|Megatron-LM|DeepSpeed|FlashAttention|FlashInfer|FSDP|"
    "ZeRO|ZeRO stage|NVLink|NVSwitch|PCIe|HBM|DDR|GDDR|InfiniBand|Wi-Fi|Bluetooth|Linux|Ubuntu|Debian|macOS|Windows|"
    "Android|iOS|Node|Node\\.js|TypeScript|React|Django|Postgres|PostgreSQL|SQLite|Redis|Kafka|Kubernetes|Docker|Git|"
    "HTTP|HTTP/|TLS|OAuth|OpenAPI|Unicode|JSON Schema|MCP|Apache|CC BY|CC BY-SA|GPL|LGPL|MPL|TPU|Trainium|Inferentia|"
    "Cursor|Claude Code|LangChain|LlamaIndex|Anki|FSRS|WCAG|version|Version|release"
)
_BOARDS = "[ABHV]\\d{2,3}|GB?\\d{3}|L40S?|L4|T4|P100|MI\\d{3}X?|RTX|GTX|GeForce RTX|RTX A|Xeon|EPYC|Ryzen|Quadro"
_BENCHMARKS = (
    "CIFAR|ImageNet|MNIST|WikiText|SQuAD|WMT|GLUE|MATH|AIME|MMLU|GSM|ARC-AGI|MT-Bench|SWE-bench|HumanEval|LongBench|"
    "BEIR|COCO|LAION|Common Crawl|The Pile|BookCorpus|OpenWebText|WebArena|Chatbot Arena|Kinetics|LibriSpeech"
)
_STANDARDS = "ISO|ISO/IEC|IEEE|RFC|PEP|SOC|FIPS|NIST SP|ECMA|CVE|CWE"
_REFERENCES = (
    "section|sec\\.|§|table|tab\\.|figure|fig\\.|equation|eq\\.|appendix|app\\.|chapter|ch\\.|part|theorem|lemma|"
    "corollary|proposition|definition|algorithm|listing|footnote|page|p\\.|line|article|art\\.|annex|clause|issue|"
    "pull request|PR|exercise|problem|recital|volume|vol\\.|no\\."
)

_VERSION = r"v?\d{1,2}(?:\.\d{1,2}){0,2}(?:[a-z]{1,2}\b)?"
# After a space a model's version has one digit before the point: "BERT 86.7" is a score.
_DIGIT = r"\d(?:\.\d{1,2})?[a-z]?"
_MODEL_VERSION = rf"(?: v?{_DIGIT}|-?v?\d{{1,3}}(?:\.\d{{1,2}})?[a-z]?)"
_SIZE = r"(?:\d{1,3}[x×])?\d{1,4}(?:\.\d+)?[BMT]\b"
_SIZES = rf"{_SIZE}(?:(?:, and |, or |, | and | or | to |/|–){_SIZE})*"
# A version is no measurement: "BERT 86.7%" and "Gemini 32 GB" name nothing.
_NO_MEASURE = (
    r"(?![\w%‰×]|[.,]\d|[ \u00a0-]?(?:%|percent|[kKMGTP]?i?[Bb]\b|bits?\b|bytes?\b|tokens?\b|[mnu]?s\b|GPUs?\b|[x×]\s))"
)
_PLURAL_REFERENCES = (
    r"sections|secs\.|§§|tables|figures|figs\.|equations|eqs\.|appendices|chapters|parts|theorems|lemmas|algorithms|"
    r"listings|pages|pp\.|lines|articles|issues"
)

_PLACE = r"\(?[A-Z]?\.?\d+(?:\.\d+)*[a-z]?\)?"

_PATTERNS = [
    # Addresses and identifiers that say what they are.
    r"https?://\S+",
    r"\barXiv:\d{4}\.\d{4,5}(?:v\d+)?",
    # A model: family, version, variant, size; "ViT-L/14", "DiT-XL/2".
    rf"\b(?:{_MODELS})(?:-V|-R| V| R)?(?:{_MODEL_VERSION}{_NO_MEASURE})?(?:[ -](?:{_VARIANTS})\b)*"
    rf"(?:(?<=[a-z]) {_DIGIT}{_NO_MEASURE})?(?:[ -]{_SIZES})?",
    r"\b(?:ViT|DiT)-[A-Za-z]+/\d+(?:@\d+)?",
    # A machine: "8×H100", "A100 80 GB", "RTX 4090", "p4d.24xlarge".
    rf"(?:\b\d{{1,2}} ?[x×] ?)?(?:NVIDIA |AMD )?\b(?:{_BOARDS})(?:[ -]\d{{4}}[A-Z]?)?s?(?:[ -]\d{{2,3}} ?GB\b)?",
    r"\b[a-z]\d[a-z]*\.\d*x?(?:large|metal)\b",
    # A product with its version, a benchmark with its year or size, a standard with its number.
    rf"\b(?:{_PRODUCTS})[ -]?{_VERSION}{_NO_MEASURE}",
    rf"\b(?:{_BENCHMARKS})[- ]?(?:(?:19|20)\d\d\b{_NO_MEASURE}|(?<=-)\d+k?\b|\d\.\d\b)",
    rf"\b(?:HTTP|status|status code|error) [1-5]\d\d\b{_NO_MEASURE}",
    rf"\b(?:{_STANDARDS})[ -]?\d[\d.-]*\b{_NO_MEASURE}",
    # A place: "Section 3.2", "Tables 3 and 4", "Figures 2–5", "Equation (4)".
    rf"(?i:(?<!\w)(?:{_REFERENCES}))[ \u00a0]?#?{_PLACE}(?:[–-]{_PLACE})?{_NO_MEASURE}",
    rf"(?i:(?<!\w)(?:{_PLURAL_REFERENCES}))[ \u00a0]{_PLACE}(?:(?:, and |, | and | or | to |–|-){_PLACE})*",
    # Terms: "top-5", "pass@1", "best-of-16", "5-gram", "16-bit", "99th percentile", "2:4 sparsity", "3D", "24/7".
    r"\b[Tt]op-\d+\b",
    r"\b[A-Za-z]+@\d+\b",
    r"\b[Bb]est-of-\d+\b",
    r"\b\d-grams?\b",
    r"\b(?:4|8|16|32|64|128)-bit\b",
    r"\b\d+(?:\.\d+)?(?:st|nd|rd|th)[ -]percentiles?\b",
    r"\b2:4(?=(?: structured)? spars)",
    r"\b[1-4]D\b|\b1F1B\b|\b2FA\b|\b24/7\b",
    # What begins with a letter and runs into its digits: H100, INT8, fp16, o200k_base, GSM8K. Not x4, not USD5.
    r"(?<![\w$€£¥])(?![xX](?!86)\d|(?:USD|EUR|GBP|CHF|JPY|CNY|US)\d)[A-Za-z][A-Za-z_]*\d\w*(?:-\d+(?:\.\d+)?[BMK]\b|-\d+GB\b)?",
    # The same with a hyphen, for those that are written so.
    r"\b(?:UTF|SHA|AES|RSA|ISO|CRC|MD|ASCII|FlashAttention|ZeRO|Muon|Adam|MXFP|NVFP|FP|INT|BF|TF|fp|int|bf|MXINT)-\d+\b",
]
_NAMES = [re.compile(pattern) for pattern in _PATTERNS]


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where in `text` names with digits in them begin and end."""
    for pattern in _NAMES:
        for match in pattern.finditer(text):
            if match.end() > match.start():
                yield match.span()
