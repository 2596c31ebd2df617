using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Tests.Agent;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Host;

/// <summary>A session that came by a provider's word follows it: against a fake provider that gives each refresh token for one use.</summary>
public class OidcRefreshTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly OidcSignIns signIns = new();

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        signIns.Dispose();
    }

    [Fact]
    public async Task Rights_follow_the_groups_and_whoever_is_disabled_there_is_out_and_the_log_says_so()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        authority.Refreshes = true;
        await using var silo = await signIns.StartAsync(authority, every: 0.4, grace: 600);
        using var nora = await OidcSignIns.SignedInAsync(silo, authority);
        Assert.Contains("offline_access", (await OidcSignIns.BeginAsync(silo, OidcSignIns.NewBinding())).Scope, StringComparison.Ordinal);
        Assert.Equal(("operator", "oidc"), await RoleAsync(nora));

        authority.Groups = ["oslo-approvers"];
        await Eventually.TrueAsync(() => RoleAsync(nora).GetAwaiter().GetResult().Role == "viewer", "the rights to follow the groups", Deadline);
        // Rights are written first, what the provider vouches for after them.
        await Eventually.TrueAsync(() => SessionAsync(silo).GetAwaiter().GetResult() is { } one && one.VouchedAt > one.StartedAt, "the session to be vouched for again", Deadline);
        var session = Assert.Single((await nora.GetFromJsonAsync<IReadOnlyList<SessionView>>("sessions"))!);
        Assert.True(session is { How: "oidc", SilentSince: null } && session.VouchedUntil > DateTimeOffset.UtcNow.AddSeconds(500));
        await Eventually.TrueAsync(() => authority.Used.Count >= 3, "the provider to be asked again", Deadline);
        Assert.Equal(authority.Used.Count, authority.Used.Distinct().Count());

        authority.Disabled = true;
        await Eventually.TrueAsync(() => StatusAsync(nora).GetAwaiter().GetResult() == HttpStatusCode.Unauthorized, "the session to end", Deadline);
        // The token is worth nothing first; the row goes after that, with the line of the log.
        await Eventually.TrueAsync(() => SessionAsync(silo).GetAwaiter().GetResult() is null, "the session to be off the list", Deadline);
        await Eventually.TrueAsync(() => LogAsync(silo).GetAwaiter().GetResult().Any(line => line is { Actor: "nora", Text: "the OpenID provider vouches no more, the session ended" }), "the log to say so", Deadline);
        Assert.Contains(await LogAsync(silo), line => line is { Actor: "nora", Text: "rights of nora: was operator, is approver at oslo; groups of the OpenID provider" });
    }

    [Fact]
    public async Task A_provider_that_is_down_has_a_grace_that_is_said_and_ends()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        authority.Refreshes = true;
        await using var silo = await signIns.StartAsync(authority, every: 0.4, grace: 2);
        using var nora = await OidcSignIns.SignedInAsync(silo, authority);
        authority.Down = true;
        await Eventually.TrueAsync(() => SessionAsync(silo).GetAwaiter().GetResult()?.SilentSince is not null, "the silence to be noticed", Deadline);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(nora));
        await Eventually.TrueAsync(() => StatusAsync(nora).GetAwaiter().GetResult() == HttpStatusCode.Unauthorized, "the grace to end", Deadline);
        await Eventually.TrueAsync(() => LogAsync(silo).GetAwaiter().GetResult().Any(line => line.Text == "the OpenID provider did not answer for too long, the session ended"), "the log to say so", Deadline);
        Assert.Contains(await LogAsync(silo), line => line.Text.StartsWith("the OpenID provider does not answer; without it the session ends at ", StringComparison.Ordinal));
        // It answers again: people come in again.
        authority.Down = false;
        using var again = await OidcSignIns.SignedInAsync(silo, authority);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(again));
    }

    [Fact]
    public async Task Without_a_refresh_token_a_session_ends_with_the_token_it_came_by()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await signIns.StartAsync(authority, every: 60);
        using var nora = await OidcSignIns.SignedInAsync(silo, authority);
        var session = (await nora.GetFromJsonAsync<Session>("session"))!;
        Assert.InRange(session.ExpiresAt, DateTimeOffset.UtcNow.AddSeconds(280), DateTimeOffset.UtcNow.AddSeconds(301));
        Assert.DoesNotContain("offline_access", (await OidcSignIns.BeginAsync(silo, OidcSignIns.NewBinding())).Scope, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_by_a_provider_s_word_gets_no_passkey_that_would_outlive_it()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await signIns.StartAsync(authority);
        using var nora = await OidcSignIns.SignedInAsync(silo, authority);
        using var refused = await nora.PostAsJsonAsync("session/passkeys/options", new SignInStart("http://localhost", OidcSignIns.NewBinding()));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("would outlive it", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<(string Role, string? How)> RoleAsync(HttpClient person)
    {
        var session = (await person.GetFromJsonAsync<Session>("session"))!;
        return (session.Role, session.How);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient person)
    {
        using var answer = await person.GetAsync("session");
        return answer.StatusCode;
    }

    private static async Task<SessionView?> SessionAsync(RunningSilo silo) => (await silo.GetAsync<IReadOnlyList<SessionView>>("sessions")).FirstOrDefault(one => one.Name == "nora");

    private static async Task<IReadOnlyList<LogEntryView>> LogAsync(RunningSilo silo) => (await silo.GetAsync<LogPage>("log/0/entries?limit=100")).Entries;
}
