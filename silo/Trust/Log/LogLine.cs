using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Log;

/// <summary>One line of the mesh's log: what a twin's timeline or the mesh's feed tells, for ever.</summary>
/// <param name="At">Whole milliseconds.</param>
/// <param name="Device">Null for what concerns the mesh as a whole; likewise <paramref name="Name"/>, which is empty then.</param>
/// <param name="Text">At most 255 bytes of UTF-8 without control characters; likewise <paramref name="Actor"/>.</param>
/// <param name="Version">Of the twin's row that holds the change; 0 for the mesh. A line that is there twice has the same one twice.</param>
/// <param name="Since">
/// Not null: the line is to be in its log once, and if it is there already it is at this entry or a later one. Lines of one call have the same. It is no part of the line.
/// </param>
public sealed record LogLine(DateTimeOffset At, EventKind Kind, DeviceId? Device, string Name, string Text, string Actor, long Version, long? Since = null);
