using System.Security.Cryptography;
using System.Text;

namespace TrustMesh.Trust.Keys;

/// <summary>
/// Secrets that have to be kept as they are, such as what signs messages to others: in rows only under AES-256-GCM, with a key that is never in the store (attack A47). What a sealed
/// secret is for is under the seal too, so that nobody who can write rows puts it in another's place.
/// </summary>
/// <param name="key">32 bytes.</param>
public sealed class SecretSeal(ReadOnlyMemory<byte> key)
{
    private const int Nonce = 12, Tag = 16;

    /// <returns>Nonce, tag, and as many bytes as the secret has.</returns>
    public byte[] Seal(ReadOnlySpan<byte> secret, string purpose)
    {
        var sealedSecret = new byte[Nonce + Tag + secret.Length];
        var nonce = sealedSecret.AsSpan(0, Nonce);
        RandomNumberGenerator.Fill(nonce);
        using var gcm = new AesGcm(key.Span, Tag);
        gcm.Encrypt(nonce, secret, sealedSecret.AsSpan(Nonce + Tag), sealedSecret.AsSpan(Nonce, Tag), Encoding.UTF8.GetBytes(purpose));
        return sealedSecret;
    }

    /// <summary>Null if it was sealed with another key, for something else, or not at all.</summary>
    public byte[]? Open(ReadOnlySpan<byte> sealedSecret, string purpose)
    {
        if (sealedSecret.Length < Nonce + Tag) return null;
        var secret = new byte[sealedSecret.Length - Nonce - Tag];
        using var gcm = new AesGcm(key.Span, Tag);
        try
        {
            gcm.Decrypt(sealedSecret[..Nonce], sealedSecret[(Nonce + Tag)..], sealedSecret.Slice(Nonce, Tag), secret, Encoding.UTF8.GetBytes(purpose));
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
