using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace TrustMesh.Orleans.Hosting;

/// <summary>The cluster declared this silo dead, because it could not be reached for too long or was stopped: it must not go on, and says so.</summary>
internal sealed class FatalErrors(ClusterParts parts, ILogger<FatalErrors> log) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        var why = "the others could not reach it for too long and share its work now.";
        log.PutOut($"{why} ({context ?? exception?.Message ?? sender?.ToString() ?? "no more is known"})");
        parts.PutOut(why);
    }
}
