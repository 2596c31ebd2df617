using System.Net;
using TrustMesh.Host.Oidc;

namespace TrustMesh.Host.Settings;

/// <summary>How this silo runs. Made by <see cref="SettingsReader"/>, which has checked every value.</summary>
/// <param name="State">Directory of the database and the keys; mode 0700.</param>
/// <param name="DeviceNames">Host names and addresses devices dial: in the silo's certificate.</param>
/// <param name="OperatorCertificate">PEM files for the operator listener; required unless it listens on loopback.</param>
/// <param name="EndorsementRoots">PEM or DER files of TPM vendors' root and intermediate certificates.</param>
/// <param name="KnownRoots">Hex SHA-256 of root keys (SubjectPublicKeyInfo) that are admitted without an operator.</param>
/// <param name="AuthorityKey">File of the mesh authority's key; null: authority.key in <paramref name="State"/>.</param>
/// <param name="Cluster">The cluster this silo is one of; null: it is the only one.</param>
/// <param name="OperatorOrigins">Where people sign in with passkeys, such as https://mesh.example; null: at http://localhost, at any port.</param>
/// <param name="Oidc">The OpenID provider whose word counts; null for none.</param>
/// <param name="WebhookNetworks">Addresses of our own that webhooks may go to; null: none, only public ones.</param>
/// <param name="ReadyFile">Written when both listeners are up; null for none.</param>
/// <param name="CodeFile">Gets the one-time admin code, mode 0600; null: the code is printed once to standard output.</param>
public sealed record SiloSettings(
    string State,
    string Mesh,
    IPEndPoint DeviceListen,
    IPEndPoint OperatorListen,
    IReadOnlyList<string> DeviceNames,
    TlsFiles? OperatorCertificate,
    IReadOnlyList<string> EndorsementRoots,
    IReadOnlySet<string> KnownRoots,
    string? ReadyFile,
    string? CodeFile,
    int? LifetimeSeconds,
    int? IntervalSeconds,
    LimitSettings Limits,
    string? AuthorityKey = null,
    ClusterOptions? Cluster = null,
    IReadOnlyList<string>? OperatorOrigins = null,
    OidcSettings? Oidc = null,
    IReadOnlyList<IPNetwork>? WebhookNetworks = null)
{
    /// <summary>The mesh lives in a cluster of silos.</summary>
    public bool IsClustered => Cluster is not null;
}
