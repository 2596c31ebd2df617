namespace TrustMesh.Agent.Peers;

/// <summary>A deadline on top of somebody else's.</summary>
internal sealed class Limit : IDisposable
{
    private readonly CancellationTokenSource own, both;

    private Limit(CancellationTokenSource own, CancellationToken other) => (this.own, both) = (own, CancellationTokenSource.CreateLinkedTokenSource(own.Token, other));

    public CancellationToken Token => both.Token;

    public static Limit In(TimeSpan time, TimeProvider clock, CancellationToken other) => new(new CancellationTokenSource(time, clock), other);

    public void Dispose()
    {
        both.Dispose();
        own.Dispose();
    }
}
