namespace TrustMesh.Agent.Door;

/// <summary>How much applications may ask for (attack A42).</summary>
/// <param name="Connections">Open at once.</param>
/// <param name="ConnectionsOfUser">Of them, those of one user other than the agent's own and root: one application can not shut out the others.</param>
/// <param name="Requests">A second, on one connection; who asks faster waits.</param>
/// <param name="Examinations">At once, over all connections; one examination costs this device's root a signature.</param>
/// <param name="ExaminationsPerMinute">Over all connections, after a burst of as many as may run at once.</param>
/// <param name="Waiting">Changes that wait for a subscriber that reads slowly; one more and it is cut.</param>
/// <param name="Write">How long a reader may leave an answer lying.</param>
public sealed record DoorLimits(int Connections, int ConnectionsOfUser, int Requests, int Examinations, int ExaminationsPerMinute, int Waiting, TimeSpan Write)
{
    public static DoorLimits Usual { get; } = new(64, 32, 200, 4, 30, 256, TimeSpan.FromSeconds(5));
}
