using System.Security.Cryptography;

namespace TrustMesh.Wire;

/// <summary>
/// A UEID (RFC 9711 4.2.1) derived from the root identity key: <c>0x01 ‖ SHA-256(SPKI)</c>, PROTOCOL.md section 2.
/// Another root key is another device; nothing a device says can change its id (attack A13).
/// </summary>
public readonly record struct DeviceId
{
    /// <summary>Bytes of a UEID.</summary>
    public const int Size = 33;

    /// <summary>Characters of the text form.</summary>
    public const int TextLength = 53;

    private readonly string? text;

    private DeviceId(string text) => this.text = text;

    /// <summary>Lower-case base32 without padding, 53 characters.</summary>
    public string Text => text ?? throw new InvalidOperationException("An empty DeviceId has no text.");

    /// <summary>Eight characters for tables and graphs; the first two are the same for every device and are left out.</summary>
    public string Short => Text.Substring(2, 8);

    /// <summary>The id of the device whose root identity key has this SubjectPublicKeyInfo (DER).</summary>
    public static DeviceId FromRootKey(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        Span<byte> ueid = stackalloc byte[Size];
        ueid[0] = 1;
        SHA256.HashData(subjectPublicKeyInfo, ueid[1..]);
        return new(Base32.Encode(ueid));
    }

    /// <summary>The id with these 33 bytes. Throws <see cref="WireException"/> for any other length or type byte.</summary>
    public static DeviceId FromUeid(ReadOnlySpan<byte> ueid)
    {
        if (ueid.Length != Size) throw new WireException("ueid", 0, $"{ueid.Length} bytes, expected {Size}");
        if (ueid[0] != 1) throw new WireException("ueid", 0, $"type {ueid[0]:x2}, expected 01");
        return new(Base32.Encode(ueid));
    }

    /// <summary>Reads the text form. Throws <see cref="WireException"/>; upper case, padding and non-zero unused bits are refused.</summary>
    public static DeviceId Parse(string text)
        => TryParse(text, out var id) ? id : throw new WireException("device id", 0, "not the 53 base32 characters of a UEID");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse(string? text, out DeviceId id)
    {
        id = default;
        Span<byte> ueid = stackalloc byte[Size];
        if (text is not { Length: TextLength } || !Base32.TryDecode(text, ueid) || ueid[0] != 1) return false;
        id = new(text);
        return true;
    }

    /// <summary>Puts the 33 bytes at the start of <paramref name="to"/>.</summary>
    public void WriteUeid(Span<byte> to) => Base32.TryDecode(Text, to[..Size]);

    /// <summary><c>urn:dev:ueid:</c> and the 33 bytes in base64url without padding.</summary>
    public string Urn => "urn:dev:ueid:" + System.Buffers.Text.Base64Url.EncodeToString(ToUeid());

    /// <summary>The 33 bytes.</summary>
    public byte[] ToUeid()
    {
        var ueid = new byte[Size];
        Base32.TryDecode(Text, ueid);
        return ueid;
    }

    public override string ToString() => text ?? "";
}
