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

    /// <summary>The last judgement of <see cref="Current"/>, so that evidence in which no file changed costs no walk over all files. Not
    /// part of the state: it is made again where it is missing.</summary>
    internal FileAppraisal? Appraised { get; init; }
}
