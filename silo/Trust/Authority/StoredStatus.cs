using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Authority;

/// <summary>A status list as a row: in the history with what changed, as the one in force also with everyone on it.</summary>
/// <param name="Previous">Serial of the list before it in the history; 0 for the first.</param>
/// <param name="Listed">Null in the history.</param>
/// <param name="LogSize">Entries the mesh's log had before it was signed; 0 in rows from before that was kept.</param>
internal sealed record StoredStatus(
    long Serial, long Previous, byte[] Signed, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, long Size, IReadOnlyList<StoredStatus.Line> Changes, IReadOnlyList<StoredStatus.Line>? Listed, long LogSize = 0)
{
    public StatusIssue ToIssue() => new(Serial, Signed, IssuedAt, ExpiresAt, Size, [.. Changes.Select(line => line.ToChange())], LogSize);

    /// <param name="Since">Serial of the first list that said so.</param>
    /// <param name="Version">Of the twin that said so; 0 in rows from before that was kept.</param>
    internal sealed record Line(string Device, string Name, Standing Standing, long Index, DateTimeOffset At, string Actor, string Reason, long Since, long Version = 0)
    {
        public static Line Of(StatusChange change, long since) => new(change.Device.Text, change.Name, change.Standing, change.Index, change.At, change.Actor, change.Reason, since, change.Version);

        public StatusChange ToChange() => new(DeviceId.Parse(Device), Name, Standing, Index, At, Actor, Reason, Version);
    }
}
