using TrustMesh.Wire;

namespace TrustMesh.Trust.History;

/// <summary>A stretch of the past.</summary>
/// <param name="Begins">The earliest instant that can be told of: there is no log of before, or it is no longer kept at hand.</param>
/// <param name="Until">Up to where <paramref name="Changes"/> tell everything: earlier than asked where <paramref name="More"/> says that there are more than asked for.</param>
/// <param name="Before">Devices as they were at the stretch's beginning; who joined later is missing.</param>
/// <param name="Changes">In the order of time.</param>
/// <param name="Tags">Of devices whose tags the log knows to have changed at any time, those at the stretch's beginning.</param>
/// <param name="Retagged">In the order of time, up to <paramref name="Until"/> as well.</param>
public sealed record LookSpan(
    DateTimeOffset? Begins, DateTimeOffset Until, IReadOnlyDictionary<DeviceId, PastLook> Before, IReadOnlyList<LookChange> Changes, bool More,
    IReadOnlyDictionary<DeviceId, IReadOnlyList<string>> Tags, IReadOnlyList<TagsThen> Retagged);
