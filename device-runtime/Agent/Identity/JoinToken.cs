using System.Buffers.Text;

namespace TrustMesh.Agent.Identity;

/// <summary>
/// What an operator gives a new device: a secret that lets it ask, and the hash of the mesh authority's key, which is how it knows whom to ask.
/// <c>tmj1_SECRET_PIN</c>, both 43 characters of base64url (PROTOCOL.md section 7). Its text never appears in a message (attack A47).
/// </summary>
public sealed class JoinToken
{
    private const string Prefix = "tmj1_";
    private const int Part = 43, Length = 5 + Part + 1 + Part;

    private JoinToken(byte[] secret, byte[] pin) => (Secret, AuthorityPin) = (secret, pin);

    /// <summary>32 bytes.</summary>
    public byte[] Secret { get; }

    /// <summary>SHA-256 of the authority's SubjectPublicKeyInfo, 32 bytes.</summary>
    public byte[] AuthorityPin { get; }

    /// <summary>Reads the one text of a token; white space around it is allowed, for it comes from a file.</summary>
    public static bool TryParse(string text, out JoinToken? token)
    {
        token = null;
        var bare = text.AsSpan().Trim();
        // Base64url has the underscore among its letters, so the parts are found by length.
        if (bare.Length != Length || !bare.StartsWith(Prefix, StringComparison.Ordinal) || bare[5 + Part] != '_') return false;
        if (Decode(bare.Slice(5, Part)) is not { } secret || Decode(bare[^Part..]) is not { } pin) return false;
        token = new(secret, pin);
        return true;
    }

    public override string ToString() => "join token";

    private static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[32];
        return Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var size) && size == 32 && text.SequenceEqual(Base64Url.EncodeToString(bytes)) ? bytes : null;
    }
}
