namespace TrustMesh.Dashboard.Sessions;

/// <summary>The hidden fields of the passkey form, as passkey.ts fills them in: base64url, read by nobody but the silo.</summary>
public sealed class PasskeyAnswer
{
    public string? CredentialId { get; set; }

    public string? UserHandle { get; set; }

    public string? ClientData { get; set; }

    public string? AuthenticatorData { get; set; }

    public string? Signature { get; set; }
}
