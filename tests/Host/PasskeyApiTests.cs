using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Host;

/// <summary>Passkeys at a silo: what is registered signs in, once for each challenge, for its person, in its browser, at its origin.</summary>
public class PasskeyApiTests
{
    private const string Origin = "http://localhost:7490";

    private readonly string binding = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public async Task A_person_registers_a_passkey_after_a_code_and_signs_in_with_it()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var vera = await silo.SignInAsync("approver", "oslo");
        using var authenticator = new SoftwareAuthenticator();
        var made = await RegisterAsync(vera, authenticator, "work laptop");
        Assert.Equal(("work laptop", null), (made.Name, made.UsedAt));

        using var answer = await SignInAsync(silo, authenticator);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var session = (await answer.Content.ReadFromJsonAsync<Session>())!;
        Assert.Equal("some-approver-oslo", session.Name);
        using var again = silo.Client(session.Token);
        Assert.Equal("passkey", (await again.GetFromJsonAsync<IReadOnlyList<SessionView>>("sessions"))!.Single(one => one.Current).How);
        Assert.NotNull(Assert.Single((await again.GetFromJsonAsync<IReadOnlyList<PasskeyView>>("session/passkeys"))!).UsedAt);
        var log = (await silo.GetAsync<LogPage>("log/0/entries")).Entries;
        Assert.Contains(log, line => line is { Actor: "some-approver-oslo", Text: "registered passkey work laptop" });
        Assert.Contains(log, line => line is { Actor: "some-approver-oslo", Text: "signed in with a passkey" });
        await silo.RestartAsync();
        authenticator.Counter++;
        using var later = await SignInAsync(silo, authenticator);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task A_replayed_answer_is_refused()
    {
        await using var silo = await RunningSilo.StartAsync();
        // One that does not count, so that only the challenge can tell.
        using var authenticator = new SoftwareAuthenticator { Counter = 0 };
        await RegisterAsync(silo.Operator, authenticator);
        var answer = await AnswerAsync(silo, authenticator);
        using var anyone = silo.Client(null);
        Assert.Equal(HttpStatusCode.OK, (await anyone.PostAsJsonAsync("session/passkey", answer)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anyone.PostAsJsonAsync("session/passkey", answer)).StatusCode);
        await silo.RestartAsync();
        using var after = silo.Client(null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await after.PostAsJsonAsync("session/passkey", answer)).StatusCode);
    }

    [Fact]
    public async Task One_answer_sent_twice_at_the_same_moment_lets_one_in()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var authenticator = new SoftwareAuthenticator { Counter = 0 };
        await RegisterAsync(silo.Operator, authenticator);
        var answer = await AnswerAsync(silo, authenticator);
        using var anyone = silo.Client(null);
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => anyone.PostAsJsonAsync("session/passkey", answer)));
        Assert.Single(all, one => one.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_counter_that_goes_back_is_refused_and_the_log_says_that_there_may_be_a_copy()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var authenticator = new SoftwareAuthenticator { Counter = 7 };
        await RegisterAsync(silo.Operator, authenticator, "old key");
        authenticator.Counter = 7;
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(silo, authenticator)).StatusCode);
        Assert.Contains((await silo.GetAsync<LogPage>("log/0/entries")).Entries, line => line.Text.StartsWith("refused passkey old key of admin: its counter went back", StringComparison.Ordinal));
        authenticator.Counter = 8;
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync(silo, authenticator)).StatusCode);
    }

    [Fact]
    public async Task Another_person_s_credential_is_nobody_s()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var vera = await silo.SignInAsync("viewer");
        using var hers = new SoftwareAuthenticator();
        using var admins = new SoftwareAuthenticator();
        await RegisterAsync(vera, hers);
        await RegisterAsync(silo.Operator, admins);
        // Her own key, and the admin's name; and the other way round.
        foreach (var (one, other) in new[] { (hers, admins), (admins, hers) })
        {
            one.Counter++;
            var answer = await AnswerAsync(silo, one);
            using var anyone = silo.Client(null);
            Assert.Equal(HttpStatusCode.Unauthorized, (await anyone.PostAsJsonAsync("session/passkey", answer with { UserHandle = Text(other.Handle) })).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await anyone.PostAsJsonAsync("session/passkey", answer with { CredentialId = Text(other.Id) })).StatusCode);
        }
    }

    [Fact]
    public async Task A_challenge_counts_five_minutes()
    {
        var time = new ShiftedTime();
        await using var silo = await RunningSilo.StartAsync(time: time);
        silo.OnlyEmbedded("a cluster's silos have their own clocks");
        using var authenticator = new SoftwareAuthenticator();
        await RegisterAsync(silo.Operator, authenticator);
        authenticator.Counter++;
        var late = await AnswerAsync(silo, authenticator);
        time.Ahead += TimeSpan.FromSeconds(301);
        using var anyone = silo.Client(null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anyone.PostAsJsonAsync("session/passkey", late)).StatusCode);
        authenticator.Counter++;
        var inTime = await AnswerAsync(silo, authenticator);
        time.Ahead += TimeSpan.FromSeconds(290);
        Assert.Equal(HttpStatusCode.OK, (await anyone.PostAsJsonAsync("session/passkey", inTime)).StatusCode);
    }

    [Fact]
    public async Task A_challenge_is_worth_nothing_in_another_browser_at_another_origin_or_for_another_ceremony()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        await RegisterAsync(silo.Operator, authenticator);
        authenticator.Counter++;
        var answer = await AnswerAsync(silo, authenticator);
        using var anyone = silo.Client(null);
        // Lured out of one browser, brought by another.
        Assert.Equal(HttpStatusCode.Unauthorized, (await anyone.PostAsJsonAsync("session/passkey", answer with { Binding = Text(RandomNumberGenerator.GetBytes(32)) })).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anyone.PostAsJsonAsync("session/passkey", answer with { Origin = "http://localhost:9999" })).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anyone.PostAsJsonAsync("session/passkey", answer with { Origin = "https://evil.example" })).StatusCode);
        // A challenge to register with, answered with a sign-in.
        var creation = await (await silo.Operator.PostAsJsonAsync("session/passkeys/options", new SignInStart(Origin, binding))).Content.ReadFromJsonAsync<PasskeyCreation>();
        Assert.Equal(HttpStatusCode.Unauthorized, (await anyone.PostAsJsonAsync("session/passkey", Answer(authenticator, creation!.Challenge))).StatusCode);
        // Another person's challenge to register with.
        using var vera = await silo.SignInAsync("viewer");
        using var second = new SoftwareAuthenticator();
        var (client, attestation) = second.Create(Base64Url.DecodeFromChars(creation.Challenge));
        using var refused = await vera.PostAsJsonAsync("session/passkeys", new PasskeyRegistration(Origin, binding, "x", Text(client), Text(attestation)));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task An_origin_that_is_not_on_the_list_has_no_passkeys()
    {
        await using var silo = await RunningSilo.StartAsync(settings => settings with { OperatorOrigins = ["https://mesh.example"] });
        using var anyone = silo.Client(null);
        foreach (var origin in new[] { Origin, "https://mesh.example.evil.example", "http://mesh.example", "https://mesh.example:444", "https://MESH.example", "https://mesh.example/", "https://10.0.0.1", "" })
        {
            using var refused = await anyone.PostAsJsonAsync("session/challenge", new SignInStart(origin, binding));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
        using var good = await anyone.PostAsJsonAsync("session/challenge", new SignInStart("https://mesh.example", binding));
        Assert.Equal("mesh.example", (await good.Content.ReadFromJsonAsync<PasskeyChallenge>())!.RpId);
    }

    [Fact]
    public async Task A_passkey_is_registered_once_and_the_last_is_not_removed()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var vera = await silo.SignInAsync("viewer");
        using var first = new SoftwareAuthenticator();
        using var second = new SoftwareAuthenticator();
        var one = await RegisterAsync(vera, first, "one");
        Assert.Equal(HttpStatusCode.Conflict, (await vera.DeleteAsync($"session/passkeys/{one.Id}")).StatusCode);
        // Whoever registers a credential somebody has already takes it over from nobody.
        Assert.Contains("registered already", await RefusedAsync(silo.Operator, first));
        var two = await RegisterAsync(vera, second, "two");
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Operator.DeleteAsync($"session/passkeys/{two.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await vera.DeleteAsync($"session/passkeys/{one.Id}")).StatusCode);
        first.Counter++;
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(silo, first)).StatusCode);
        second.Counter++;
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync(silo, second)).StatusCode);
    }

    [Fact]
    public async Task Who_is_disabled_or_removed_gets_in_with_no_passkey_and_invited_again_is_somebody_else()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var vera = await silo.SignInAsync("viewer");
        using var authenticator = new SoftwareAuthenticator();
        await RegisterAsync(vera, authenticator);
        await silo.PostAsync<OperatorView>("operators/some-viewer/disable", new Decision("on leave"));
        authenticator.Counter++;
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(silo, authenticator)).StatusCode);
        using var removed = await silo.Operator.PostAsJsonAsync("operators/some-viewer/remove", new Decision("left"));
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var namesake = await silo.SignInAsync("viewer");
        authenticator.Counter++;
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(silo, authenticator)).StatusCode);
        Assert.Empty((await namesake.GetFromJsonAsync<IReadOnlyList<PasskeyView>>("session/passkeys"))!);
    }

    [Fact]
    public async Task A42_A_person_has_ten_passkeys_and_failed_sign_ins_are_limited()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        for (var i = 0; i < 10; i++)
        {
            authenticator.Id = RandomNumberGenerator.GetBytes(32);
            await RegisterAsync(silo.Operator, authenticator, $"key {i}");
        }
        authenticator.Id = RandomNumberGenerator.GetBytes(32);
        Assert.Contains("You have 10 passkeys", await RefusedAsync(silo.Operator, authenticator));
        using var stranger = new SoftwareAuthenticator { Handle = new byte[16] };
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++) statuses.Add((await SignInAsync(silo, stranger)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, statuses[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        // Codes are guessed no faster by going the other way.
        using var anyone = silo.Client(null);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await anyone.PostAsJsonAsync("session", new SignIn("tmc_wrong"))).StatusCode);
    }

    [Fact]
    public async Task A42_Asking_for_challenges_and_answering_wrong_leaves_no_rows()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var stranger = new SoftwareAuthenticator { Handle = new byte[16] };
        for (var i = 0; i < 20; i++) await SignInAsync(silo, stranger);
        Assert.Empty(await silo.Silo.Records.ListAsync("passkey-used", CancellationToken.None));
    }

    [Theory]
    [InlineData("ClientData")]
    [InlineData("AuthenticatorData")]
    [InlineData("Signature")]
    [InlineData("CredentialId")]
    [InlineData("UserHandle")]
    [InlineData("Binding")]
    public async Task Every_field_that_is_missing_too_long_or_no_base64url_is_refused(string field)
    {
        await using var silo = await RunningSilo.StartAsync();
        using var authenticator = new SoftwareAuthenticator();
        await RegisterAsync(silo.Operator, authenticator);
        using var anyone = silo.Client(null);
        foreach (var wrong in new string?[] { null, "", "=", "a", "AAAA====", "äö", new string('A', 4200), Text(authenticator.Id) + "\n" })
        {
            authenticator.Counter++;
            var json = System.Text.Json.JsonSerializer.SerializeToNode(await AnswerAsync(silo, authenticator), System.Text.Json.JsonSerializerOptions.Web)!.AsObject();
            json[System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(field)] = wrong;
            using var refused = await anyone.PostAsync("session/passkey", new StringContent(json.ToJsonString(), System.Text.Encoding.UTF8, "application/json"));
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }
    }

    private async Task<PasskeyView> RegisterAsync(HttpClient person, SoftwareAuthenticator authenticator, string name = "key")
    {
        using var answer = await AskAsync(person, authenticator, name);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<PasskeyView>())!;
    }

    private async Task<string> RefusedAsync(HttpClient person, SoftwareAuthenticator authenticator)
    {
        using var answer = await AskAsync(person, authenticator, "key");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<Problem>())!.Detail!;
    }

    private async Task<HttpResponseMessage> AskAsync(HttpClient person, SoftwareAuthenticator authenticator, string name)
    {
        var creation = (await (await person.PostAsJsonAsync("session/passkeys/options", new SignInStart(Origin, binding))).Content.ReadFromJsonAsync<PasskeyCreation>())!;
        authenticator.Handle = Base64Url.DecodeFromChars(creation.UserHandle);
        var (client, attestation) = authenticator.Create(Base64Url.DecodeFromChars(creation.Challenge));
        return await person.PostAsJsonAsync("session/passkeys", new PasskeyRegistration(Origin, binding, name, Text(client), Text(attestation)));
    }

    private async Task<HttpResponseMessage> SignInAsync(RunningSilo silo, SoftwareAuthenticator authenticator)
    {
        using var anyone = silo.Client(null);
        if (authenticator.Counter == 1) authenticator.Counter++;
        return await anyone.PostAsJsonAsync("session/passkey", await AnswerAsync(silo, authenticator));
    }

    private async Task<PasskeySignIn> AnswerAsync(RunningSilo silo, SoftwareAuthenticator authenticator)
    {
        using var anyone = silo.Client(null);
        var challenge = await (await anyone.PostAsJsonAsync("session/challenge", new SignInStart(Origin, binding))).Content.ReadFromJsonAsync<PasskeyChallenge>();
        return Answer(authenticator, challenge!.Challenge);
    }

    private PasskeySignIn Answer(SoftwareAuthenticator authenticator, string challenge)
    {
        var (client, data, signature) = authenticator.Get(Base64Url.DecodeFromChars(challenge));
        return new(Origin, binding, Text(authenticator.Id), Text(authenticator.Handle), Text(client), Text(data), Text(signature));
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
