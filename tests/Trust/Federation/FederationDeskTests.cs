using TrustMesh.Trust.Operators;

namespace TrustMesh.Tests.Trust.Federation;

/// <summary>A session follows the word it came by: on a clock that is moved, over a store that fails where it is told to.</summary>
public class FederationDeskTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FederationRig rig = new();

    [Fact]
    public async Task The_provider_is_asked_again_when_it_is_time_each_time_with_the_token_it_gave_last()
    {
        var token = await rig.SignInAsync();
        await rig.RoundAsync(FederationRig.Every - Second);
        Assert.Empty(rig.Asked);
        for (var round = 0; round < 3; round++) await rig.RoundAsync(FederationRig.Every);
        Assert.Equal(["refresh-0", "refresh-1", "refresh-2"], rig.Asked);
        Assert.NotNull(await rig.WhoAsync(token));
        Assert.Empty(rig.Told);
        // No word holds for longer than a session does.
        for (var round = 0; round < 12 * 12; round++) await rig.RoundAsync(FederationRig.Every);
        Assert.Null(await rig.WhoAsync(token));
        Assert.Empty(await rig.Records.ListAsync("operator-session", default));
        Assert.Empty(rig.Told);
    }

    [Fact]
    public async Task Rights_become_what_the_groups_say_and_none_ends_the_session()
    {
        var token = await rig.SignInAsync();
        rig.Rights = OperatorRights.Of(OperatorRole.Viewer);
        await rig.RoundAsync(FederationRig.Every);
        Assert.Equal("viewer", (await rig.WhoAsync(token))!.RoleText);
        rig.Rights = null;
        await rig.RoundAsync(FederationRig.Every);
        Assert.Null(await rig.WhoAsync(token));
        Assert.Equal(["nora: rights of nora", "nora: the OpenID provider vouches no more, the session ended"], rig.Told);
    }

    [Fact]
    public async Task Who_is_disabled_at_the_provider_is_out_at_the_next_question()
    {
        var token = await rig.SignInAsync();
        rig.Disabled = true;
        await rig.RoundAsync(FederationRig.Every);
        Assert.Null(await rig.WhoAsync(token));
        Assert.Empty(await rig.Records.ListAsync("operator-session", default));
    }

    [Fact]
    public async Task A_silent_provider_has_exactly_its_grace_and_an_answer_in_it_heals()
    {
        var token = await rig.SignInAsync();
        rig.Down = true;
        await rig.RoundAsync(FederationRig.Every);
        await rig.RoundAsync(FederationRig.Grace - 40 * Second);
        Assert.NotNull(await rig.WhoAsync(token));
        Assert.NotNull((await rig.Sessions.ListAsync("nora", default)).Single().SilentSince);
        rig.Down = false;
        await rig.RoundAsync(30 * Second);
        Assert.Null((await rig.Sessions.ListAsync("nora", default)).Single().SilentSince);

        rig.Down = true;
        await rig.RoundAsync(FederationRig.Every + FederationRig.Grace - Second);
        Assert.NotNull(await rig.WhoAsync(token));
        rig.Time.Advance(Second);
        // By the clock alone: no round was needed.
        Assert.Null(await rig.WhoAsync(token));
        await rig.RoundAsync();
        Assert.Equal("nora: the OpenID provider did not answer for too long, the session ended", rig.Told[^1]);
        Assert.Equal(3, rig.Told.Count);
    }

    [Fact]
    public async Task Without_a_refresh_token_nobody_is_asked_and_the_session_ends()
    {
        var token = await rig.SignInAsync(refreshes: false);
        await rig.RoundAsync(FederationRig.Every - Second);
        Assert.NotNull(await rig.WhoAsync(token));
        await rig.RoundAsync(Second);
        Assert.Null(await rig.WhoAsync(token));
        Assert.Empty(rig.Asked);
        Assert.Empty(rig.Told);
    }

    [Theory]
    [InlineData("subject")]
    [InlineData("nonce")]
    public async Task An_answer_for_somebody_else_or_of_another_sign_in_ends_the_session(string lie)
    {
        var token = await rig.SignInAsync();
        rig.Change = one => lie == "subject" ? one with { Subject = "https://id.example 2" } : one with { Nonce = new byte[56] };
        await rig.RoundAsync(FederationRig.Every);
        Assert.Null(await rig.WhoAsync(token));
    }

    [Fact]
    public async Task A47_A_refresh_token_is_in_no_row_and_in_no_other_session_s_place()
    {
        await rig.SignInAsync();
        await rig.RoundAsync(FederationRig.Every);
        Assert.DoesNotContain("refresh-", await rig.RowsAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("refresh-1"u8), await rig.RowsAsync(), StringComparison.Ordinal);
        // Whoever can write rows puts it into a session of somebody else: it opens for nobody.
        var row = (await rig.Records.ListAsync("operator-session", default)).Single();
        var changed = System.Text.Encoding.UTF8.GetString(row.Value.Span).Replace("id.example 1", "id.example 2", StringComparison.Ordinal);
        await rig.Records.WriteAsync(row.Kind, row.Id, row.Version, System.Text.Encoding.UTF8.GetBytes(changed), default);
        var asked = rig.Asked.Count;
        await rig.RoundAsync(FederationRig.Every);
        Assert.Equal(asked, rig.Asked.Count);
        Assert.Empty(await rig.Records.ListAsync("operator-session", default));
    }

    [Fact]
    public async Task Two_silos_never_use_a_refresh_token_at_the_same_time()
    {
        var other = new FederationRig(rig.Records, rig.Time, TimeSpan.Zero);
        var token = await rig.SignInAsync();
        for (var round = 0; round < 8; round++)
        {
            // While the provider answers the one, the other one has its round too.
            rig.Meanwhile = () => other.RoundAsync();
            await rig.RoundAsync(FederationRig.Every);
            Assert.Empty(other.Asked);
            Assert.NotNull(await other.WhoAsync(token));
        }
        Assert.Equal(8, rig.Asked.Distinct().Count());
        rig.Meanwhile = () => Task.CompletedTask;
        rig.Time.Advance(FederationRig.Every);
        (other.Counts, other.Meanwhile) = (rig.Counts, () => rig.RoundAsync());
        await other.RoundAsync();
        Assert.Equal((8, 1), (rig.Asked.Count, other.Asked.Count));
    }

    [Fact]
    public async Task What_ends_while_the_provider_is_asked_stays_ended()
    {
        var token = await rig.SignInAsync();
        rig.Meanwhile = () => rig.Desk.LogOutAsync(new("https://id.example t1", "https://id.example 1", "s1", "https://id.example", rig.Time.GetUtcNow() + TimeSpan.FromMinutes(11)), default);
        await rig.RoundAsync(FederationRig.Every);
        Assert.Null(await rig.WhoAsync(token));

        token = await rig.SignInAsync();
        rig.Meanwhile = async () =>
        {
            await rig.Book.RemoveAsync("nora", default);
            await rig.Sessions.EndAllAsync("nora", default);
        };
        await rig.RoundAsync(FederationRig.Every);
        Assert.Null(await rig.WhoAsync(token));
        Assert.Empty(await rig.Book.ListAsync(default));
    }

    [Fact]
    public async Task A_logout_that_races_with_an_answer_ends_the_session_whoever_writes_first()
    {
        var token = await rig.SignInAsync();
        // The answer is written between the logout's look at the row and its deletion.
        rig.Faulty.Meanwhile = async () => await rig.RoundAsync(FederationRig.Every);
        var ended = await rig.Desk.LogOutAsync(new("https://id.example t1", "https://id.example 1", null, "https://id.example", rig.Time.GetUtcNow() + TimeSpan.FromMinutes(11)), default);
        Assert.Equal(["nora"], ended);
        Assert.Single(rig.Asked);
        Assert.Null(await rig.WhoAsync(token));
        Assert.Empty(await rig.Records.ListAsync("operator-session", default));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task A_write_that_fails_ends_a_session_at_worst_and_leaves_nobody_more_than_the_groups_say(int write, bool persisted)
    {
        var token = await rig.SignInAsync();
        rig.Rights = OperatorRights.Of(OperatorRole.Viewer);
        // Three writes: that it is asked, what the person may do now, and what the provider said.
        rig.Faulty.Fail(write, persisted);
        await rig.RoundAsync(FederationRig.Every);
        Assert.Equal(["the disk did not answer"], rig.Failed);
        await rig.RoundAsync(TimeSpan.FromMinutes(2));
        await rig.RoundAsync(FederationRig.Every);
        Assert.Single(rig.Failed);
        Assert.True(await rig.WhoAsync(token) is null or { RoleText: "viewer" });
        // The token that was sent and whose answer was not kept is the only way to lose a session.
        Assert.Equal(write == 3 && !persisted, await rig.WhoAsync(token) is null);
    }

    [Fact]
    public async Task A_session_of_before_the_word_was_kept_counts_no_more()
    {
        var row = """{"name":"nora","role":"Operator","expiresAt":"2099-01-01T00:00:00+00:00","startedAt":"2026-01-01T00:00:00+00:00","how":"oidc"}""";
        await rig.SignInAsync();
        await rig.Records.WriteAsync("operator-session", Secret.Hash("tms_old"), 0, System.Text.Encoding.UTF8.GetBytes(row), default);
        await rig.Sessions.LoadAsync(default);
        Assert.Null(await rig.WhoAsync("tms_old"));
    }
}
