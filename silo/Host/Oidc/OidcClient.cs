using TrustMesh.Host.Telemetry;
using TrustMesh.Trust.Passkeys;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Host.Oidc;

/// <summary>This silo as a client of the OpenID provider: everything it asks there and everything it is told from there.</summary>
public sealed class OidcClient : IAsyncDisposable
{
    private readonly OidcRounds rounds;

    /// <param name="tell">What the mesh's log has to tell.</param>
    public OidcClient(OidcSettings settings, FederationDesk desk, Func<IReadOnlyList<TwinEvent>, Task> tell, SiloLog log, TimeProvider time)
    {
        Provider = new(settings, time);
        (Tokens, Exchange) = (new(Provider), new(Provider));
        Logouts = new(Provider, Tokens, time);
        rounds = new(desk, Exchange, Tokens, Provider, tell, log, time);
    }

    public OidcProvider Provider { get; }

    public OidcTokens Tokens { get; }

    public OidcExchange Exchange { get; }

    public LogoutTokens Logouts { get; }

    public void Start() => rounds.Start();

    public async ValueTask DisposeAsync()
    {
        await rounds.DisposeAsync();
        Provider.Dispose();
    }
}
