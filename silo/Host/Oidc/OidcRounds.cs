using TrustMesh.Host.Telemetry;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Passkeys;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Host.Oidc;

/// <summary>Asks the provider again and again for the people it vouched for, as long as the silo runs.</summary>
internal sealed class OidcRounds(FederationDesk desk, OidcExchange exchange, OidcTokens tokens, OidcProvider provider, SiloLog log, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource end = new();
    private Task running = Task.CompletedTask;

    public void Start() => running = Task.Run(RunAsync);

    /// <summary>What is under way is brought to its end: a refresh token that was used and whose follower was not kept is a session lost.</summary>
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await running;
        end.Dispose();
    }

    private async Task RunAsync()
    {
        var every = provider.Settings.Every / 4 < Longest ? provider.Settings.Every / 4 : Longest;
        try
        {
            await AskFirstAsync();
            while (true)
            {
                await RoundAsync();
                await Task.Delay(every, time, end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The silo stops.
            return;
        }
    }

    /// <summary>What the provider offers is known before the first person asks for it, if it answers.</summary>
    private async Task AskFirstAsync()
    {
        try
        {
            await provider.ToldAsync(end.Token);
        }
        catch (IOException silent)
        {
            // Whoever signs in is told so, and asks it again.
            log.OidcInterrupted(silent.Message);
        }
    }

    private async Task RoundAsync()
    {
        try
        {
            await desk.RenewAsync(AskAsync, Lines, news => log.OidcFollowed(news.Name, news.What, news.Why), log.OidcInterrupted, end.Token);
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            // A store that does not answer: sessions end by their own clock, and the next round begins from what is stored.
            log.OidcInterrupted(broken.Message);
        }
    }

    private IReadOnlyList<TwinEvent> Lines(FederationNews news)
        => OperatorLines.Of(time.GetUtcNow(), news.Name, news.What, news.Act?.Before, news.Act?.After, news.Act is null ? null : news.Why);

    private async Task<ProviderAnswer> AskAsync(string refreshToken)
    {
        try
        {
            var (grant, refused) = await exchange.RefreshAsync(refreshToken, CancellationToken.None);
            if (grant is null) return ProviderAnswer.Refuses(refused);
            var (person, why) = await tokens.JudgeAsync(grant.IdToken, isNew: false);
            // A token that does not hold is no answer: its keys may have changed a moment ago, and what is not vouched for ends anyway.
            return person is null ? ProviderAnswer.Silent(why) with { RefreshToken = grant.RefreshToken } : ProviderAnswer.Vouches(person, grant.RefreshToken);
        }
        catch (IOException silent)
        {
            return ProviderAnswer.Silent(silent.Message);
        }
    }
}
