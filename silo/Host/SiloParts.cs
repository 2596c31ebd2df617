using TrustMesh.Host.Telemetry;
using TrustMesh.Trust.Authority;

namespace TrustMesh.Host;

/// <summary>What a silo brings to the place its mesh lives in: who signs, who logs, what time it is.</summary>
public sealed record SiloParts(MeshAuthority Authority, Memberships Memberships, ResultIssuer Results, SiloLog Log, Microsoft.Extensions.Logging.ILoggerFactory Loggers, TimeProvider Time);
