using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

/// <summary>One evidence the fake silo got.</summary>
/// <param name="Bound">The challenge is the leaf as the silo computes it from its own side of the connection.</param>
/// <param name="Replays">The log replays to the head in the claims (or was only a tail).</param>
public sealed record SeenEvidence(Evidence Evidence, Claims Claims, bool Bound, bool Replays, string Connection)
{
    public IEnumerable<LogEntry> Entries => Evidence.Log.Entries.Select(entry => LogEntry.Decode(entry));

    /// <summary>The last entry of a name.</summary>
    public LogEntry Last(string name) => Entries.Last(entry => entry.Name == name);
}
