namespace TrustMesh.Contracts;

/// <summary>One entry of the mesh's log.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Kind">As of a <see cref="TrustEvent"/>; <c>unreadable</c> for an entry that is none, which <c>trustmesh log verify</c> finds too.</param>
/// <param name="Device">Null for what concerns the mesh as a whole; likewise <paramref name="Name"/>, which is empty then.</param>
/// <param name="Version">Of the device's state that it tells of; 0 for the mesh.</param>
public sealed record LogEntryView(long Index, DateTimeOffset At, string Kind, string? Device, string Name, string Text, string Actor, long Version);
