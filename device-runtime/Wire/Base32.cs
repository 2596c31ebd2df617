namespace TrustMesh.Wire;

/// <summary>Lower-case base32 (RFC 4648 section 6) without padding; one text for one value.</summary>
public static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var length = (bytes.Length * 8 + 4) / 5;
        // Ids are made in the hot path of a verification: only the text itself goes to the heap.
        Span<char> text = length <= 64 ? stackalloc char[length] : new char[length];
        for (int i = 0, bit = 0; i < text.Length; i++, bit += 5)
        {
            int at = bit >> 3, window = bytes[at] << 8 | (at + 1 < bytes.Length ? bytes[at + 1] : 0);
            text[i] = Alphabet[(window >> (11 - (bit & 7))) & 31];
        }
        return new(text);
    }

    /// <summary>False if the text is not the one encoding of exactly <c>bytes.Length</c> bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (text.Length != (bytes.Length * 8 + 4) / 5) return false;
        int buffer = 0, bits = 0, at = 0;
        foreach (var c in text)
        {
            var value = c switch { >= 'a' and <= 'z' => c - 'a', >= '2' and <= '7' => c - '2' + 26, _ => -1 };
            if (value < 0) return false;
            buffer = (buffer << 5 | value) & 0xfff;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes[at++] = (byte)(buffer >> bits);
        }
        return (buffer & ((1 << bits) - 1)) == 0;
    }
}
