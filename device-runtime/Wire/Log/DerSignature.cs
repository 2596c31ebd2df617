using System.Formats.Asn1;
using System.Security.Cryptography;

namespace TrustMesh.Wire.Log;

/// <summary>
/// A P-256 signature as notes carry it (C2SP type 0x02): the DER of <c>SEQUENCE { r INTEGER, s INTEGER }</c>. Everywhere else it is <c>r ‖ s</c>, 64 bytes.
/// </summary>
public static class DerSignature
{
    private const int Field = 32;

    /// <summary>The DER of <c>r ‖ s</c> (64 bytes).</summary>
    public static byte[] Encode(ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 2 * Field) throw new ArgumentException("A P-256 signature has 64 bytes.", nameof(signature));
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(Trimmed(signature[..Field]));
            writer.WriteIntegerUnsigned(Trimmed(signature[Field..]));
        }
        return writer.Encode();
    }

    /// <summary><c>r ‖ s</c> (64 bytes) of the one DER; throws <see cref="WireException"/> for anything else (attack A18).</summary>
    public static byte[] Decode(ReadOnlyMemory<byte> der)
    {
        try
        {
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            var numbers = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            var (r, s) = (numbers.ReadIntegerBytes(), numbers.ReadIntegerBytes());
            numbers.ThrowIfNotEmpty();
            var signature = new byte[2 * Field];
            Put(r.Span, signature.AsSpan(0, Field));
            Put(s.Span, signature.AsSpan(Field));
            return signature;
        }
        catch (Exception bad) when (bad is AsnContentException or CryptographicException)
        {
            throw new WireException("signature", 0, "not the DER of two numbers");
        }
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> number) => number.TrimStart((byte)0) is { IsEmpty: false } digits ? digits : [0];

    private static void Put(ReadOnlySpan<byte> number, Span<byte> padded)
    {
        if ((number[0] & 0x80) != 0) throw new WireException("signature", 0, "a negative number");
        var digits = number.TrimStart((byte)0);
        if (digits.Length > Field) throw new WireException("signature", 0, $"a number of {digits.Length} bytes, at most {Field}");
        digits.CopyTo(padded[(Field - digits.Length)..]);
    }
}
