namespace TrustMesh.Dashboard.Silo;

/// <summary>The silo refused, or did not answer. The message is for people: one sentence and the fix.</summary>
/// <param name="code">A problem code of API.md, or <c>unreachable</c>.</param>
/// <param name="traceId">Of the silo's log, if it answered.</param>
public sealed class SiloException(string code, string message, string? traceId, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;

    public string? TraceId { get; } = traceId;

    /// <summary>What cut a stream off, in words for people.</summary>
    public static SiloException Of(Exception problem) => problem as SiloException ?? new("unreachable", "The silo does not answer. Check that trustmesh-silo is running.", null, problem);

    /// <summary>The session is over; only a new sign-in helps.</summary>
    public bool SessionEnded => Code == "unauthenticated";
}
