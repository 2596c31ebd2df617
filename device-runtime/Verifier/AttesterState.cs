using System.Collections.Immutable;

namespace TrustMesh.Verifier;

/// <summary>
/// What earlier evidence of a device established and later evidence must continue: TPM clock and counters (attack A20) and how far
/// its measurement log is known (attack A21). Where a log did not replay, <see cref="LogCount"/> is 0 again: the next challenge asks for
/// the whole log.
/// </summary>
/// <param name="Boot">TPM resetCount, or the agent's start counter for a root without PCRs.</param>
/// <param name="Clock">TPM clock, milliseconds.</param>
/// <param name="LogCount">Entries accepted in this boot; the cursor of the next challenge.</param>
/// <param name="LogValue">Value (32 bytes) of the measurement register after those entries.</param>
/// <param name="Current">The last entry of each measured name: a file's digest (32 bytes), empty where the file is absent, or
/// <c>SHA-256("tm-event/1" ‖ digest)</c> for an event. Files and events share the names: an event at a file's name says why the file could not
/// be read, and never passes for its content.</param>
public sealed record AttesterState(
    uint Boot,
    uint RestartCount,
    ulong Clock,
    ulong FirmwareVersion,
    int LogCount,
    ReadOnlyMemory<byte> LogValue,
    ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Current)
{
    /// <summary>The state of a device that never proved anything.</summary>
    public static AttesterState None { get; } = new(0, 0, 0, 0, 0, new byte[32], ImmutableSortedDictionary.Create<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal));

    /// <summary>How many session keys are remembered.</summary>
    public const int MostSessions = 4;

    /// <summary>
    /// RFC 9679 thumbprints (32 bytes) of the last session keys evidence was accepted under, the present one last. One that another has taken
    /// the place of never comes back from one machine: it is in memory only, and gone when its successor is made (attack A48).
    /// </summary>
    public ImmutableArray<ReadOnlyMemory<byte>> Sessions { get; init; } = [];

    /// <summary>These sessions with that of newer evidence.</summary>
    internal ImmutableArray<ReadOnlyMemory<byte>> SessionsWith(ReadOnlyMemory<byte> thumbprint)
    {
        if (!Sessions.IsEmpty && Sessions[^1].Span.SequenceEqual(thumbprint.Span)) return Sessions;
        var kept = Sessions.Length < MostSessions ? Sessions : Sessions.RemoveAt(0);
        // A copy: the claims are a slice of the whole evidence, which nobody wants to keep for 32 bytes of it.
        return kept.Add(thumbprint.ToArray());
    }

    /// <summary>The last judgement of <see cref="Current"/>, so that evidence in which no file changed costs no walk over all files. Not
    /// part of the state: it is made again where it is missing.</summary>
    internal FileAppraisal? Appraised { get; init; }
}
