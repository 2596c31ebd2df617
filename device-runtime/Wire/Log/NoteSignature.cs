namespace TrustMesh.Wire.Log;

/// <summary>One signature line of a note (C2SP signed-note), not verified.</summary>
/// <param name="Name">Of the key: no spaces, no plus.</param>
/// <param name="KeyId">4 bytes; for P-256 the first of SHA-256 of its SubjectPublicKeyInfo.</param>
/// <param name="Value">For P-256 a DER signature.</param>
public sealed record NoteSignature(string Name, ReadOnlyMemory<byte> KeyId, ReadOnlyMemory<byte> Value)
{
    /// <summary>Bytes of a key id.</summary>
    public const int KeyIdSize = 4;

    internal static bool IsKeyName(string name) => name.Length is > 0 and <= Caps.Text && !name.Any(one => one == '+' || char.IsWhiteSpace(one) || char.IsControl(one));
}
