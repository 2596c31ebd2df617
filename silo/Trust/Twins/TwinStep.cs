using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Twins;

/// <summary>What a transition decided. <paramref name="Changed"/> false: nothing to save, nothing to publish.</summary>
/// <param name="Log">Measurement log entries to keep with it.</param>
public sealed record TwinStep(TwinState State, IReadOnlyList<TwinEvent> Events, bool Changed, LogAppend? Log = null, string? Refused = null)
{
    public static TwinStep Nothing(TwinState state, string? refused = null) => new(state, [], false, null, refused);
}
