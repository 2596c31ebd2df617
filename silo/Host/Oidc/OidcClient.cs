using TrustMesh.Host.Telemetry;
using TrustMesh.Trust.Passkeys;

namespace TrustMesh.Host.Oidc;

/// <summary>This silo as a client of the OpenID provider: everything it asks there and everything it is told from there.</summary>
public sealed class OidcClient : IAsyncDisposable
{
    private readonly OidcRounds rounds;

    public OidcClient(OidcSettings settings, FederationDesk desk, SiloLog log, TimeProvider time)
    {
        Provider = new(settings, time);
        (Tokens, Exchange) = (new(Provider), new(Provider));
        Logouts = new(Provider, Tokens, time);
        rounds = new(desk, Exchange, Tokens, Provider, log, time);
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
