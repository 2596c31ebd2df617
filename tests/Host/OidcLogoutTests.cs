using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Host;

/// <summary>OpenID Connect Back-Channel Logout 1.0: one thing wrong in a token that is right otherwise, and it ends nobody's session.</summary>
public class OidcLogoutTests : IDisposable
{
    private readonly OidcSignIns signIns = new();

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        signIns.Dispose();
    }

    public static TheoryData<string, Action<OpenIdAuthority>> Lies => new()
    {
        { "another issuer", one => one.Change = claims => claims["iss"] = "https://evil.example" },
        { "another audience", one => one.Change = claims => claims["aud"] = "another-client" },
        { "two audiences", one => one.Change = claims => claims["aud"] = new[] { OpenIdAuthority.Client, "another-client" } },
        { "expired", one => one.Change = claims => claims["exp"] = DateTimeOffset.UtcNow.AddMinutes(-2).ToUnixTimeSeconds() },
        { "no end", one => one.Change = claims => claims.Remove("exp") },
        { "made too long ago, whatever end it gives itself", one => one.Change = claims => (claims["iat"], claims["exp"]) = (DateTimeOffset.UtcNow.AddMinutes(-11).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.AddYears(1).ToUnixTimeSeconds()) },
        { "made in the future", one => one.Change = claims => claims["iat"] = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds() },
        { "no time it was made at", one => one.Change = claims => claims.Remove("iat") },
        { "a nonce", one => one.Change = claims => claims["nonce"] = "n" },
        { "a nonce that is none", one => one.Change = claims => claims["nonce"] = 1 },
        { "no id", one => one.Change = claims => claims.Remove("jti") },
        { "no event", one => one.Change = claims => claims.Remove("events") },
        { "another event", one => one.Change = claims => claims["events"] = new Dictionary<string, object> { ["https://evil.example"] = new Dictionary<string, object>() } },
        { "an event that is no object", one => one.Change = claims => claims["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = "" } },
        { "nobody", one => { one.Sid = null; one.Change = claims => claims.Remove("sub"); } },
        { "a session that is none", one => one.Change = claims => claims["sid"] = "" },
        { "a person that is none", one => one.Change = claims => claims["sub"] = new string('x', 256) },
        { "no signature", one => one.Algorithm = "none" },
        { "a MAC with the public key", one => one.Algorithm = "HS256" },
        { "another key", one => one.Algorithm = "other" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_logout_token_with_one_thing_wrong_ends_nobody_s_session(string lie, Action<OpenIdAuthority> tell)
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await signIns.StartAsync(authority);
        using var nora = await OidcSignIns.SignedInAsync(silo, authority);
        tell(authority);
        using var answer = await SendAsync(silo, authority.LogoutToken());
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, lie);
        Assert.Equal("invalid_request", (await answer.Content.ReadFromJsonAsync<LogoutRefusal>())!.Error);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.True(await IsInAsync(nora), lie);
    }

    [Fact]
    public async Task The_session_it_names_ends_and_no_other_one()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await signIns.StartAsync(authority);
        using var first = await OidcSignIns.SignedInAsync(silo, authority);
        authority.Sid = "session-2";
        using var second = await OidcSignIns.SignedInAsync(silo, authority);
        (authority.Subject, authority.User) = ("another", "ada");
        using var ada = await OidcSignIns.SignedInAsync(silo, authority);
        (authority.Subject, authority.User, authority.Sid) = ("248289761001", "nora", "session-1");

        using (var answer = await SendAsync(silo, authority.LogoutToken()))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(answer.Headers.CacheControl!.NoStore);
        }
        Assert.Equal((false, true, true, true), (await IsInAsync(first), await IsInAsync(second), await IsInAsync(ada), await IsInAsync(silo.Operator)));
        Assert.Contains((await silo.GetAsync<LogPage>("log/0/entries?limit=100")).Entries, line => line is { Actor: "nora", Text: "the OpenID provider signed them out, the session ended" });

        // One nobody has any more, or never had: it is over already.
        using (var unknown = await SendAsync(silo, authority.LogoutToken())) Assert.Equal(HttpStatusCode.OK, unknown.StatusCode);
        // The session alone is enough.
        (authority.Sid, authority.Change) = ("session-2", claims => claims.Remove("sub"));
        using (var alone = await SendAsync(silo, authority.LogoutToken("JWT"))) Assert.Equal(HttpStatusCode.OK, alone.StatusCode);
        Assert.Equal((false, false, true), (await IsInAsync(second), await IsInAsync(ada), await IsInAsync(silo.Operator)));
    }

    [Fact]
    public async Task Without_a_session_every_one_of_the_person_ends_and_a_token_that_came_before_is_refused()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await signIns.StartAsync(authority);
        using var first = await OidcSignIns.SignedInAsync(silo, authority);
        authority.Sid = null;
        using var second = await OidcSignIns.SignedInAsync(silo, authority);
        var token = authority.LogoutToken();
        using (var answer = await SendAsync(silo, token)) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((false, false), (await IsInAsync(first), await IsInAsync(second)));
        using var third = await OidcSignIns.SignedInAsync(silo, authority);
        using (var replayed = await SendAsync(silo, token)) Assert.Equal(HttpStatusCode.BadRequest, replayed.StatusCode);
        await silo.RestartAsync();
        using var restarted = silo.Client(third.DefaultRequestHeaders.Authorization!.Parameter);
        using (var replayed = await SendAsync(silo, token)) Assert.Equal(HttpStatusCode.BadRequest, replayed.StatusCode);
        Assert.True(await IsInAsync(restarted));
    }

    [Fact]
    public async Task Neither_an_ID_token_nor_a_logout_token_passes_for_the_other()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await signIns.StartAsync(authority);
        using var nora = await OidcSignIns.SignedInAsync(silo, authority);
        using (var answer = await SendAsync(silo, authority.Token("n"))) Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using (var answer = await SendAsync(silo, authority.LogoutToken("at+jwt"))) Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        authority.Fixed = authority.LogoutToken();
        using (var answer = await OidcSignIns.SignInAsync(silo, authority, OidcSignIns.NewBinding())) Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.True(await IsInAsync(nora));
    }

    [Fact]
    public async Task A42_What_is_no_form_or_too_large_or_too_many_costs_little_and_keeps_nobody_from_signing_in()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await signIns.StartAsync(authority);
        using var anyone = silo.Client(null);
        using (var json = await anyone.PostAsJsonAsync("session/oidc/logout", new { logout_token = authority.LogoutToken() })) Assert.Equal(HttpStatusCode.BadRequest, json.StatusCode);
        using (var two = await anyone.PostAsync("session/oidc/logout", new FormUrlEncodedContent([new("logout_token", authority.LogoutToken()), new("logout_token", authority.LogoutToken())]))) Assert.Equal(HttpStatusCode.BadRequest, two.StatusCode);
        using (var large = await SendAsync(silo, new string('x', 20_000))) Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        var judged = 0;
        for (var stopped = false; !stopped; judged++)
        {
            Assert.True(judged < 2_000, "the flood is judged as fast as it comes");
            using var junk = await SendAsync(silo, "a.b.c");
            Assert.Equal(HttpStatusCode.BadRequest, junk.StatusCode);
            stopped = (await junk.Content.ReadAsStringAsync()).Contains("Too many", StringComparison.Ordinal);
        }
        using var nora = await OidcSignIns.SignedInAsync(silo, authority);
        Assert.True(await IsInAsync(nora));
    }

    [Fact]
    public async Task A_silo_without_a_provider_is_told_nothing()
    {
        await using var bare = await RunningSilo.StartAsync();
        using var answer = await SendAsync(bare, "a.b.c");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningSilo silo, string token)
    {
        using var anyone = silo.Client(null);
        return await anyone.PostAsync("session/oidc/logout", new FormUrlEncodedContent([new("logout_token", token)]));
    }

    private static async Task<bool> IsInAsync(HttpClient person)
    {
        using var answer = await person.GetAsync("session");
        return answer.IsSuccessStatusCode;
    }
}
