using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace TrustMesh.Trust.Operators;

/// <summary>Secrets people and devices carry: random, shown once, kept here only as their SHA-256 (attack A47).</summary>
public static class Secret
{
    /// <summary>A new text with that prefix and 32 random bytes, base64url.</summary>
    public static string Create(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>
    /// The id of the row of a secret: hex SHA-256. Finding a row by the hash of what was presented takes a time that says nothing about the
    /// secret, as nobody can choose the hash.
    /// </summary>
    public static string Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Hash(string)"/>
    public static string Hash(ReadOnlySpan<byte> secret) => Convert.ToHexStringLower(SHA256.HashData(secret));
}
