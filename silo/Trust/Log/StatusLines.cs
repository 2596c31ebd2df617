using System.Buffers.Binary;
using System.Data.Common;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Log;

/// <summary>
/// Puts status lists that changed somebody's standing into the log, each once. A list is in force whether the log answers or not: nobody waits for its line, and
/// it is tried until it is there, after the one before it; up to which list that is done is kept, so that what a crash cut off is told when the writer of lists comes
/// up again. What was decided is in the twins' own lines, which were waited for.
/// </summary>
/// <param name="failed">Told why a line has to wait.</param>
/// <param name="stopping">Ends the trying; whoever comes up next goes on.</param>
public sealed class StatusLines(IMeshLog log, IRecordStore store, Action<string> failed, TimeProvider time, CancellationToken stopping)
{
    private const string Kind = "status-told", Id = "current";
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    /// <summary>The last line on its way; it ends without a fault.</summary>
    public Task Telling { get; private set; } = Task.CompletedTask;

    /// <summary>The list as one event of the mesh.</summary>
    public static TwinEvent Of(StatusIssue issue)
    {
        var text = $"status list {issue.Serial}: {string.Join("; ", issue.Changes.Select(change => change.Words))}";
        return new(issue.IssuedAt, EventKind.Revocation, Grammar.Fit(text), Grammar.Fit(string.Join(", ", issue.Changes.Select(change => change.Actor).Distinct())));
    }

    /// <summary>Tells the lists that were put in force and have no line yet, those of before that was kept aside.</summary>
    public async Task ResumeAsync(StatusBook status, CancellationToken cancellation)
    {
        foreach (var issue in (await status.SinceAsync(await ToldAsync(cancellation), cancellation)).Reverse())
            if (issue.LogSize > 0) Tell(issue);
    }

    /// <summary>Lists come one at a time, in order.</summary>
    public void Tell(StatusIssue issue)
    {
        if (issue.Changes.Count > 0) Telling = TellAsync(Telling, issue);
    }

    private async Task TellAsync(Task before, StatusIssue issue)
    {
        await before;
        try
        {
            while (!await TryAsync(issue)) await Task.Delay(Retry, time, stopping);
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // The silo stops.
        }
    }

    private async Task<bool> TryAsync(StatusIssue issue)
    {
        try
        {
            await log.AppendAsync([LogLines.OfMesh(Of(issue), issue.LogSize)], stopping);
            await KeepAsync(issue.Serial);
            return true;
        }
        catch (Exception waits) when (waits is IOException or StaleRecordException or DbException)
        {
            failed(waits.Message);
            return false;
        }
    }

    private async Task KeepAsync(long serial)
    {
        var row = await store.ReadAsync(Kind, Id, stopping);
        if (row is not null && BinaryPrimitives.ReadInt64BigEndian(row.Value.Span) >= serial) return;
        var value = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(value, serial);
        await store.WriteAsync(Kind, Id, row?.Version ?? 0, value, stopping);
    }

    /// <summary>The serial of the last list whose line is in the log; 0 where that was never kept.</summary>
    private async Task<long> ToldAsync(CancellationToken cancellation)
        => await store.ReadAsync(Kind, Id, cancellation) is { Value.Length: sizeof(long) } row ? BinaryPrimitives.ReadInt64BigEndian(row.Value.Span) : 0;
}
