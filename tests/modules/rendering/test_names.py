import re

import pytest

from modules.rendering.names import spans


def unnamed(text):
    """Return the digits of `text` that belong to no name."""
    covered = {place for start, end in spans(text) for place in range(start, end)}
    return [m[0] for m in re.finditer(r"\d+", text) if not covered.issuperset(range(*m.span()))]


@pytest.mark.parametrize(
    "text",
    [
        # models
        "GPT-3 and GPT-3.5",
        "GPT-4o, GPT-2 XL and GPT-4.1",
        "ChatGPT-5 and o1, o3-mini",
        "Llama 3",
        "Llama 3.1 70B",
        "LLaMA-65B",
        "Llama 2 70B",
        "Llama 2 7B, 13B and 70B",
        "Llama 3 8B and 70B",
        "Llama-3.1-8B-Instruct",
        "OPT-13B",
        "PaLM 540B and PaLM-540B",
        "Mixtral 8x7B and Mixtral 8×22B",
        "DeepSeek-V3, DeepSeek V2, DeepSeek-R1",
        "Claude Opus 4.5, Claude 3.5 Sonnet, Claude 3",
        "Gemini 1.5 Pro and Gemini 2.5 Flash",
        "Gemma 3 27B",
        "Qwen2.5-72B and Qwen 3",
        "T5-11B and T5",
        "Stable Diffusion 3 and Stable Diffusion 1.5",
        "ViT-L/14, ViT-B/16 and DiT-XL/2",
        "ViT-L/14@336",
        "Grok 4",
        "Pythia-6.9B",
        # machines
        "H100, A100s, B200, MI300X, T4, L40S, GB200",
        "A100 80 GB, A100-80GB and H100 80GB",
        "8×H100 and 8x A100",
        "RTX 4090 and GeForce RTX 3090",
        "TPU v5p and TPU v4",
        "p4d.24xlarge and g5.xlarge",
        "NVIDIA A100",
        # formats
        "INT8, INT4, FP8, FP16, BF16, bf16, fp32, tf32, NF4, E4M3, E5M2, MXFP4, W4A16",
        "UTF-8, UTF-16 and SHA-256",
        "8-bit and 16-bit floats",
        "float16, uint8, base64, md5, x86",
        "o200k_base, cl100k_base, r50k_base",
        # products, benchmarks, standards
        "Python 3.11, CUDA 12.4, PyTorch 2.1, PCIe 5, HBM3, HBM3e, NVLink 4",
        "FlashAttention-2 and FlashAttention 3",
        "version 2.1 and release 17",
        "ResNet-50, VGG-16, GPT-2 and GPT 4",
        "Midjourney v7, Sora 2, Veo 3.1",
        "ZeRO-3 and ZeRO stage 3",
        "vLLM 0.6",
        "GSM8K, WSC273, C4, MATH-500, SQuAD 2.0, AIME 2024, CIFAR-100, WikiText-103, ImageNet-21k, WMT14, WMT 2014",
        "RFC 9110, ISO 8601, IEEE 754, SOC 2, HTTP 429, HTTP/2, ISO/IEC 42001, status 503",
        "CC BY 4.0 and Apache 2.0",
        "arXiv:1706.03762v7 and https://arxiv.org/abs/1706.03762",
        # places
        "Section 3.2.1, Sec. 3, § 4, section 2",
        "Table 2.1, Tab. 3, Figure 12, Fig. 3a",
        "Tables 3 and 4",
        "Figures 2, 3 and 14",
        "Sections 3.1–3.3",
        "Equation (14), Eq. 15",
        "Appendix B.2 and Appendix 13",
        "Chapter 15, Theorem 1, Algorithm 21, Listing 14",
        "page 40, p. 41, pp. 40–45, line 40, lines 40 to 45",
        "Article 50, issue 5265, pull request 4002",
        "Step by Part 2",
        # terms
        "top-5, Top-50, pass@1, Recall@10, best-of-16, 5-gram",
        "p99 and P50 latency, the 99th percentile, the 99.9th percentile",
        "2:4 sparsity and 2:4 structured sparsity",
        "3D and 2D parallelism, 1F1B, 24/7",
        "L2 norm, K8s, S3, BM25, word2vec",
    ],
)
def test_names_want_no_defence(text):
    assert unnamed(text) == []


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("id 101830", ["101830"]),
        ("2017", ["2017"]),
        ("in May 2024", ["2024"]),
        ("a 7B model", ["7"]),
        ("the 405B", ["405"]),
        ("70B", ["70"]),
        ("128k", ["128"]),
        ("40 layers", ["40"]),
        ("x4 faster", ["4"]),
        ("4x faster", ["4"]),
        ("USD20 and $30", ["20", "30"]),
        ("GPT-4 86.4 on MMLU", ["86", "4"]),
        ("BERT 86.7%", ["86", "7"]),
        ("BERT 86.7 in all", ["86", "7"]),
        ("GPT-4 Turbo 86.4 on MMLU", ["86", "4"]),
        ("T5 70 in all", ["70"]),
        ("GLUE 80 in all", ["80"]),
        ("Gemini 32 GB", ["32"]),
        ("Llama 8192 tokens", ["8192"]),
        ("Llama 40 percent", ["40"]),
        ("Claude 12 tokens", ["12"]),
        ("Llama 3 on 16 GPUs", ["16"]),
        ("Llama 3 70 percent", ["70"]),
        ("H100 at 700 W", ["700"]),
        ("H100 costs 3.99", ["3", "99"]),
        ("16 H100s", ["16"]),
        ("MMLU 86%", ["86"]),
        ("MMLU of 86.4", ["86", "4"]),
        ("Python 40 percent", ["40"]),
        ("Table 3 and 40 GPUs", ["40"]),
        ("40 tables", ["40"]),
        ("2:1", ["2", "1"]),
        ("99% uptime", ["99"]),
        ("top 50", ["50"]),
        ("1024-bit", ["1024"]),
        ("12-bit", ["12"]),
        ("batch of 32", ["32"]),
        ("5 to 10 minutes", ["5", "10"]),
        ("error of 30", ["30"]),
        ("status quo of 40", ["40"]),
        ("10D", ["10"]),
    ],
)
def test_everything_else_does(text, digits):
    assert unnamed(text) == digits
