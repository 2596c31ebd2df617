using System.Collections.Concurrent;
using System.Net;
using TrustMesh.Trust.Mesh;

namespace TrustMesh.Host.Operator;

/// <summary>
/// Failed sign-ins per source and minute: so many at this silo, and so many at all silos of the mesh together, of which each learns when it sees one
/// more fail. Codes cannot be guessed; this keeps the attempt from being free (attack A42).
/// </summary>
public sealed class SignInLimit(IMeshPlace place, TimeProvider time)
{
    private const int PerMinute = 30, Sources = 10_000;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<IPAddress, int> failures = new();
    private long minute;

    public bool Allows(IPAddress source) => Current().GetValueOrDefault(source) < PerMinute;

    public async Task FailedAsync(IPAddress source, CancellationToken cancellation)
    {
        var counted = Current();
        if (counted.Count >= Sources && !counted.ContainsKey(source)) return;
        var count = counted.AddOrUpdate(source, 1, (_, count) => count + 1);
        if (count < PerMinute && !await place.TryTakeAsync("sign-in", source.ToString(), PerMinute, Minute, cancellation)) counted[source] = PerMinute;
    }

    private ConcurrentDictionary<IPAddress, int> Current()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (Interlocked.Exchange(ref minute, now) != now) failures.Clear();
        return failures;
    }
}
