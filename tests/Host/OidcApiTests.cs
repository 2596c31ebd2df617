using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using TrustMesh.Contracts;
using TrustMesh.Host.Settings;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Host;

/// <summary>Sign-in by an OpenID provider's word: the silo judges the token itself, whatever brings it.</summary>
public class OidcApiTests : IDisposable
{
    private const string Origin = OidcSignIns.Origin;

    private readonly string binding = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static TheoryData<string, Action<OpenIdAuthority>> Lies => new()
    {
        { "another issuer", one => one.Change = claims => claims["iss"] = "https://evil.example" },
        { "another audience", one => one.Change = claims => claims["aud"] = "another-client" },
        { "two audiences", one => one.Change = claims => claims["aud"] = new[] { OpenIdAuthority.Client, "another-client" } },
        { "another party", one => one.Change = claims => claims["azp"] = "another-client" },
        { "expired", one => one.Change = claims => claims["exp"] = DateTimeOffset.UtcNow.AddMinutes(-2).ToUnixTimeSeconds() },
        { "no end", one => one.Change = claims => claims.Remove("exp") },
        { "of the future", one => one.Change = claims => claims["nbf"] = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds() },
        { "no nonce", one => one.Change = claims => claims.Remove("nonce") },
        { "another nonce", one => one.Change = claims => claims["nonce"] = new string('A', 75) },
        { "no subject", one => one.Change = claims => claims.Remove("sub") },
        { "no name", one => one.Change = claims => claims.Remove("preferred_username") },
        { "a name that is none here", one => one.User = "<b>nora</b>" },
        { "no group", one => one.Groups = [] },
        { "other groups", one => one.Groups = ["everybody"] },
        { "no signature", one => one.Algorithm = "none" },
        { "a MAC with the public key", one => one.Algorithm = "HS256" },
        { "another key", one => one.Algorithm = "other" },
    };

    [Fact]
    public async Task A_person_of_a_group_comes_in_with_its_role_and_the_list_and_the_log_say_so()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await StartAsync(authority);
        authority.Groups = ["everybody", "mesh-operators", "oslo-approvers"];
        using var answer = await SignInAsync(silo, authority);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var session = (await answer.Content.ReadFromJsonAsync<Session>())!;
        Assert.Equal(("nora", "operator", 2), (session.Name, session.Role, session.Grants!.Count));
        var nora = Assert.Single(await silo.GetAsync<IReadOnlyList<OperatorView>>("operators"), one => one.Name == "nora");
        Assert.Equal("the OpenID provider", nora.CreatedBy);
        Assert.Contains(await silo.GetAsync<IReadOnlyList<GroupView>>("operators/groups"), one => one.Name == "oslo-approvers" && EffectiveRights.Text(one.Grants.Single()) == "approver at oslo");
        // What the groups are at the next sign-in is what she may do.
        authority.Groups = ["oslo-approvers"];
        using var again = await SignInAsync(silo, authority);
        Assert.Equal("viewer", (await again.Content.ReadFromJsonAsync<Session>())!.Role);
        var log = (await silo.GetAsync<LogPage>("log/0/entries")).Entries;
        Assert.Contains(log, line => line is { Actor: "nora", Text: "rights of nora: was operator, approver at oslo, is approver at oslo; groups of the OpenID provider" });
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_token_with_one_thing_wrong_lets_nobody_in(string lie, Action<OpenIdAuthority> tell)
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await StartAsync(authority);
        using (var honest = await SignInAsync(silo, authority)) Assert.True(honest.IsSuccessStatusCode, lie);
        tell(authority);
        using var answer = await SignInAsync(silo, authority);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_counts_once_and_in_its_browser()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await StartAsync(authority);
        using var anyone = silo.Client(null);
        // The provider gives the same token for every code: what a thief of a token, and not of a code, would bring.
        authority.Fixed = authority.Token((await BeginAsync(silo)).Nonce);
        var other = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        Assert.Equal(HttpStatusCode.Unauthorized, await AnswerAsync(Origin, other));
        Assert.Equal(HttpStatusCode.Unauthorized, await AnswerAsync("https://evil.example", binding));
        Assert.Equal(HttpStatusCode.OK, await AnswerAsync(Origin, binding));
        Assert.Equal(HttpStatusCode.Unauthorized, await AnswerAsync(Origin, binding));
        foreach (var none in new[] { "", "a.b.c", new string('x', 13_000) })
        {
            authority.Fixed = none;
            Assert.Equal(HttpStatusCode.Unauthorized, await AnswerAsync(Origin, binding));
        }

        async Task<HttpStatusCode> AnswerAsync(string origin, string browser)
            => (await anyone.PostAsJsonAsync("session/oidc", new OidcSignIn(origin, browser, authority.Code("", "v", origin + "/done"), "v", origin + "/done"))).StatusCode;
    }

    [Fact]
    public async Task A_code_counts_with_its_verifier_and_at_the_address_it_was_sent_to()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await StartAsync(authority);
        using var anyone = silo.Client(null);
        var (nonce, done) = ((await BeginAsync(silo)).Nonce, Origin + "/done");
        foreach (var (verifier, redirect) in ((string, string)[])[("another", done), ("v", Origin + "/elsewhere"), ("v", "https://evil.example/done"), ("", done), ("v", "")])
        {
            using var wrong = await anyone.PostAsJsonAsync("session/oidc", new OidcSignIn(Origin, binding, authority.Code(nonce, "v", done), verifier, redirect));
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }
        var code = authority.Code(nonce, "v", done);
        authority.Down = true;
        using (var silent = await anyone.PostAsJsonAsync("session/oidc", new OidcSignIn(Origin, binding, code, "v", done))) Assert.Equal(HttpStatusCode.ServiceUnavailable, silent.StatusCode);
        authority.Down = false;
        using (var good = await anyone.PostAsJsonAsync("session/oidc", new OidcSignIn(Origin, binding, code, "v", done))) Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        using (var again = await anyone.PostAsJsonAsync("session/oidc", new OidcSignIn(Origin, binding, code, "v", done))) Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }

    [Fact]
    public async Task A_name_of_somebody_here_is_not_taken_over_and_who_changes_the_name_stays_who_they_are()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await StartAsync(authority);
        authority.User = "admin";
        authority.Groups = ["mesh-operators"];
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(silo, authority)).StatusCode);
        authority.User = "Nora_Berg@example.org";
        Assert.Equal("nora-berg", (await (await SignInAsync(silo, authority)).Content.ReadFromJsonAsync<Session>())!.Name);
        authority.User = "nora.married";
        Assert.Equal("nora-berg", (await (await SignInAsync(silo, authority)).Content.ReadFromJsonAsync<Session>())!.Name);
        // Somebody else who is called as she was.
        (authority.User, authority.Subject) = ("nora-berg", "another");
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(silo, authority)).StatusCode);
    }

    [Fact]
    public async Task Who_is_disabled_here_stays_out_whatever_the_provider_says()
    {
        await using var authority = await OpenIdAuthority.StartAsync();
        await using var silo = await StartAsync(authority);
        using (var first = await SignInAsync(silo, authority)) Assert.True(first.IsSuccessStatusCode);
        await silo.PostAsync<OperatorView>("operators/nora/disable", new Decision("left"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(silo, authority)).StatusCode);
    }

    [Fact]
    public async Task Without_a_provider_there_is_none_and_one_that_is_silent_is_named_so()
    {
        await using var bare = await RunningSilo.StartAsync();
        using var anyone = bare.Client(null);
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.PostAsJsonAsync("session/oidc/start", new SignInStart(Origin, binding))).StatusCode);
        Assert.Null((await anyone.GetFromJsonAsync<SignInWays>("session/ways"))!.Oidc);
        var gone = await OpenIdAuthority.StartAsync();
        await gone.DisposeAsync();
        await using var silo = await StartAsync(gone);
        using var client = silo.Client(null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.PostAsJsonAsync("session/oidc/start", new SignInStart(Origin, binding))).StatusCode);
    }

    [Theory]
    [InlineData("OidcIssuer=https://id.example;OidcClient=c;OidcGroups:0=ops=operator@oslo,bergen", true)]
    [InlineData("OidcIssuer=http://id.example;OidcClient=c;OidcGroups:0=ops=operator", false)]
    [InlineData("OidcIssuer=https://id.example;OidcClient=c", false)]
    [InlineData("OidcIssuer=https://id.example;OidcClient=c;OidcGroups:0=ops=king", false)]
    [InlineData("OidcIssuer=https://id.example;OidcClient=c;OidcGroups:0=operator", false)]
    [InlineData("OidcIssuer=https://id.example;OidcClient=c;OidcGroups:0=ops=operator;OidcScope=openid groups;OidcRefresh=1;OidcGrace=0", true)]
    [InlineData("OidcIssuer=https://id.example;OidcClient=c;OidcGroups:0=ops=operator;OidcScope=profile", false)]
    [InlineData("OidcIssuer=https://id.example;OidcClient=c;OidcGroups:0=ops=operator;OidcRefresh=0", false)]
    [InlineData("OidcIssuer=https://id.example;OidcClient=c;OidcGroups:0=ops=operator;OidcGrace=721", false)]
    [InlineData("OidcIssuer=https://id.example;OidcClient=c;OidcGroups:0=ops=operator;OidcSecretFile=/nowhere/secret", false)]
    [InlineData("OperatorOrigins:0=https://mesh.example", true)]
    [InlineData("OperatorOrigins:0=https://mesh.example/", false)]
    [InlineData("OperatorOrigins:0=http://mesh.example", false)]
    [InlineData("OperatorOrigins:0=https://10.0.0.1", false)]
    [InlineData("OperatorOrigins:0=http://localhost:7490", true)]
    public void Settings_that_make_no_sense_are_refused_at_the_start(string text, bool good)
    {
        var values = text.Split(';').Select(pair => pair.Split('=', 2)).ToDictionary(pair => $"TrustMesh:{pair[0]}", pair => (string?)pair[1]);
        var (settings, errors) = SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), []);
        Assert.Equal(good, settings is not null);
        Assert.Equal(good, errors.Count == 0);
    }

    private readonly OidcSignIns signIns = new();

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        signIns.Dispose();
    }

    private Task<RunningSilo> StartAsync(OpenIdAuthority authority) => signIns.StartAsync(authority);

    private Task<OidcStart> BeginAsync(RunningSilo silo) => OidcSignIns.BeginAsync(silo, binding);

    private Task<HttpResponseMessage> SignInAsync(RunningSilo silo, OpenIdAuthority authority) => OidcSignIns.SignInAsync(silo, authority, binding);
}
