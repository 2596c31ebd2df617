namespace TrustMesh.Trust.Twins;

/// <summary>One line of a device's timeline.</summary>
/// <param name="At">Whole seconds; for <see cref="EventKind.Stale"/> the moment the verdict expired, however late it was noted.</param>
/// <param name="Text">At most 255 bytes of UTF-8 without control characters.</param>
/// <param name="Actor">Operator's name, <c>device</c>, <c>peers</c>, <c>clock</c>, or <c>alerts</c>.</param>
public sealed record TwinEvent(DateTimeOffset At, EventKind Kind, string Text, string Actor)
{
    public const string Device = "device", Clock = "clock", Peers = "peers", Alerts = "alerts";
}
