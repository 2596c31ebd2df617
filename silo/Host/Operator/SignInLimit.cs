using System.Collections.Concurrent;
using System.Net;

namespace TrustMesh.Host.Operator;

/// <summary>Failed sign-ins per source and minute. Codes cannot be guessed; this keeps the attempt from being free (attack A42).</summary>
public sealed class SignInLimit(TimeProvider time)
{
    private const int PerMinute = 30, Sources = 10_000;

    private readonly ConcurrentDictionary<IPAddress, int> failures = new();
    private long minute;

    public bool Allows(IPAddress source) => Current().GetValueOrDefault(source) < PerMinute;

    public void Failed(IPAddress source)
    {
        if (Current().Count < Sources) failures.AddOrUpdate(source, 1, (_, count) => count + 1);
    }

    private ConcurrentDictionary<IPAddress, int> Current()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (Interlocked.Exchange(ref minute, now) != now) failures.Clear();
        return failures;
    }
}
