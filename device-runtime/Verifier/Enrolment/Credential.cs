namespace TrustMesh.Verifier;

/// <summary>What TPM2_MakeCredential gives: only the TPM that holds both the EK and an object of the given Name can tell the secret.</summary>
/// <param name="Blob">Content of TPM2B_ID_OBJECT, without its own size.</param>
/// <param name="EncryptedSecret">Content of TPM2B_ENCRYPTED_SECRET, without its own size.</param>
/// <param name="Secret">32 bytes; stays with the verifier.</param>
public sealed record Credential(ReadOnlyMemory<byte> Blob, ReadOnlyMemory<byte> EncryptedSecret, ReadOnlyMemory<byte> Secret)
{
    /// <summary>Names only: a record would print its members, and the secret must not reach a log (attack A47).</summary>
    public override string ToString() => "Credential";
}
