using Microsoft.Extensions.Logging;
using TrustMesh.Trust.Authority;

namespace TrustMesh.Orleans.Hosting;

/// <summary>What a silo brings into its cluster.</summary>
/// <param name="Silo">Its own key.</param>
/// <param name="PutOut">Called with a sentence when the cluster goes on without this silo, or does not let it in: the process has to end.</param>
/// <param name="Stopping">Cancelled when the silo stops.</param>
public sealed record ClusterParts(
    MeshAuthority Authority, SigningKey Silo, Memberships Memberships, ResultIssuer Results, ILoggerFactory Loggers, TimeProvider Time, Action<string> PutOut, CancellationToken Stopping);
