using System.Security.Cryptography.X509Certificates;

namespace TrustMesh.Orleans.Settings;

/// <summary>Where rows or the cluster's members are kept, and what opens it. Made by <see cref="StorageSettingsReader"/>, which has checked every value.</summary>
/// <param name="Tls">The other end shows a certificate for <paramref name="Host"/>; it is always verified.</param>
/// <param name="Account">Of Azure; empty for Redis; likewise <paramref name="Container"/>.</param>
/// <param name="PathStyle">The account stands in the path, as emulators and gateways have it, and not in the host's name.</param>
/// <param name="Secret">Redis: the password, null for none. Azure: the account's key in base64.</param>
/// <param name="Authorities">The only ones whose certificates count; null: those of the machine.</param>
public sealed record StorageAddress(
    StorageKind Kind, string Host, int Port, bool Tls, string Account, string Container, bool PathStyle, string? Secret, X509Certificate2Collection? Authorities)
{
    /// <summary>Without the secret (attack A47).</summary>
    public override string ToString() => Kind == StorageKind.Redis
        ? $"{(Tls ? "rediss" : "redis")}://{Host}:{Port}"
        : $"{(Tls ? "azure-blob" : "azure-blob+http")}://{Host}:{Port}/{(PathStyle ? Account + "/" : "")}{Container}";
}
