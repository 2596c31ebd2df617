using TrustMesh.Wire;

namespace TrustMesh.Trust.Authority;

/// <summary>
/// Versions of twins of whom a list said something, or was about to: few, as decisions are. While silos come and go, what was told first may come last, and it must
/// take back no decision that came after it (attack A35). Not thread-safe.
/// </summary>
internal sealed class HeardVersions
{
    private readonly Dictionary<DeviceId, long> newest = [];

    /// <summary>A later word of the device was heard. A silo of before tells no version: its word counts as it comes.</summary>
    public bool IsOld(StatusChange change) => change.Version > 0 && newest.TryGetValue(change.Device, out var version) && change.Version < version;

    /// <param name="matters">A list says something else of the device than this.</param>
    public void Take(StatusChange change, bool matters = true)
    {
        if (matters || newest.ContainsKey(change.Device)) newest[change.Device] = change.Version;
    }
}
