"""LoRA training on the quantized weights of a GGUF file, mapped into memory and never unpacked whole unless small."""
