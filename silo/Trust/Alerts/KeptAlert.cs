using TrustMesh.Contracts;

namespace TrustMesh.Trust.Alerts;

/// <summary>An alert with its row's id and version.</summary>
internal sealed record KeptAlert(string Id, long Version, StoredAlert Alert)
{
    internal AlertView View(DateTimeOffset now) => Alert.View(Id, now);
}
