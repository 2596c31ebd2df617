using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Log;

/// <summary>
/// Puts status lists that changed somebody's standing into the log. A list is in force whether the log answers or not: nobody waits for its line, and
/// it is tried until it is there, after the one before it. What was decided is in the twins' own lines, which were waited for.
/// </summary>
/// <param name="failed">Told why a line has to wait.</param>
/// <param name="stopping">Ends the trying; the list's history has what the line would have said.</param>
public sealed class StatusLines(IMeshLog log, Action<string> failed, TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    /// <summary>The last line on its way; it ends without a fault.</summary>
    public Task Telling { get; private set; } = Task.CompletedTask;

    /// <summary>The list as one event of the mesh.</summary>
    public static TwinEvent Of(StatusIssue issue)
    {
        var text = $"status list {issue.Serial}: {string.Join("; ", issue.Changes.Select(change => change.Words))}";
        return new(issue.IssuedAt, EventKind.Revocation, Grammar.Fit(text), Grammar.Fit(string.Join(", ", issue.Changes.Select(change => change.Actor).Distinct())));
    }

    /// <summary>Lists come one at a time, in order.</summary>
    public void Tell(StatusIssue issue)
    {
        if (issue.Changes.Count > 0) Telling = TellAsync(Telling, LogLines.OfMesh(Of(issue)));
    }

    private async Task TellAsync(Task before, LogLine line)
    {
        await before;
        try
        {
            while (!await TryAsync(line)) await Task.Delay(Retry, time, stopping);
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // The silo stops.
        }
    }

    private async Task<bool> TryAsync(LogLine line)
    {
        try
        {
            await log.AppendAsync([line], stopping);
            return true;
        }
        catch (IOException waits)
        {
            failed(waits.Message);
            return false;
        }
    }
}
