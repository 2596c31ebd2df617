using System.Text;
using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Tests.Agent;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Records;

namespace TrustMesh.Tests.Trust.Operators;

public sealed class ApiTokenDeskTests
{
    [Fact]
    public async Task A47_A_token_is_its_name_and_a_secret_of_which_only_the_hash_is_kept()
    {
        var rows = new MemoryRecordStore();
        var rig = await new ApiTokenRig(rows).PeopledAsync();
        var text = await rig.MakeAsync("backup-job", role: OperatorRole.Operator);
        Assert.Matches("^tma_backup-job_[A-Za-z0-9_-]{43}$", text);
        Assert.All(rows.All, row => Assert.DoesNotContain(text[^43..], Encoding.UTF8.GetString(row.Value.Span), StringComparison.Ordinal));
        var who = (await rig.WhoAsync(text))!;
        Assert.Equal(("token backup-job", "operator", true), (who.Name, who.Rights.Text, who.IsMachine));
        // After a restart too.
        var again = rig.Beside();
        await again.Desk.LoadAsync(default);
        Assert.NotNull(await again.WhoAsync(text));
    }

    [Fact]
    public async Task A_token_ends_when_it_said_and_only_who_has_its_text_is_told_so()
    {
        var rig = await new ApiTokenRig().PeopledAsync();
        var text = await rig.MakeAsync("ci", TimeSpan.FromHours(1));
        rig.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.NotNull(await rig.WhoAsync(text));
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("API token ci expired at 2026-01-02 04:04:05Z", await rig.WhyAsync(text));
        Assert.Equal(ApiTokenView.Expired, (await rig.ViewAsync("ci")).State);
        Assert.Null(await rig.WhyAsync(text[..^1] + (text[^1] == 'A' ? 'B' : 'A')));
    }

    [Theory]
    [InlineData("tma_")]
    [InlineData("tma_ci")]
    [InlineData("tma_ci_")]
    [InlineData("tma_CI_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("tma_../ci_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("tma_\u202eci_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("tma__AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("tma_ci_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("tma_nobody_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_made_up_token_is_nobodys_and_learns_nothing(string text)
    {
        var rig = await new ApiTokenRig().PeopledAsync();
        var real = await rig.MakeAsync("ci");
        foreach (var one in (string[])[text, real + "A", real[..^1], real.ToUpperInvariant(), " " + real, text + new string('A', 10_000)]) Assert.Null(await rig.WhyAsync(one));
        Assert.NotNull(await rig.WhoAsync(real));
    }

    [Fact]
    public async Task A_revoked_token_opens_nothing_at_once_and_at_other_silos_within_the_time_a_look_is_believed()
    {
        var here = await new ApiTokenRig(new MemoryRecordStore()).PeopledAsync();
        var there = here.Beside();
        var text = await here.MakeAsync("ci");
        Assert.NotNull(await there.WhoAsync(text));
        Assert.NotNull((await here.Desk.RevokeAsync("ci", "bob", default)).Token);
        Assert.Contains("API token ci was revoked", await here.WhyAsync(text));
        here.Time.Advance(ApiTokenRig.Believed + TimeSpan.FromMilliseconds(1));
        Assert.Contains("was revoked", await there.WhyAsync(text));
        var view = await there.ViewAsync("ci");
        Assert.Equal((ApiTokenView.Revoked, "bob"), (view.State, view.RevokedBy));
        Assert.Contains("was revoked at 2026-01-02 03:04:05Z by bob", (await there.Desk.RevokeAsync("ci", "ann", default)).Refused);
        Assert.Equal((null, null), ((await there.Desk.RevokeAsync("nobody", "ann", default)).Token, (await there.Desk.RevokeAsync("nobody", "ann", default)).Refused));
    }

    [Fact]
    public async Task A_token_stops_with_whoever_made_it_and_a_namesake_does_not_bring_it_back()
    {
        var rig = await new ApiTokenRig().PeopledAsync();
        var text = await rig.MakeAsync("ci");
        await rig.Book.DisableAsync("ann", default);
        Assert.Contains("who made it is disabled or off the list", await rig.WhyAsync(text));
        Assert.Equal(ApiTokenView.Stopped, (await rig.ViewAsync("ci")).State);
        await rig.Book.EnableAsync("ann", default);
        Assert.NotNull(await rig.WhoAsync(text));
        await rig.Book.RemoveAsync("ann", default);
        await rig.Book.InviteAsync("ann", OperatorRights.Of(OperatorRole.Admin), "bob", default);
        Assert.Contains("off the list", await rig.WhyAsync(text));
        // Nobody off the list makes one, whatever the route let through.
        Assert.NotNull((await rig.Desk.MakeAsync("other", OperatorRights.Of(OperatorRole.Viewer), ApiTokenDesk.Usual, "carl", default)).Refused);
        Assert.NotNull((await rig.Desk.MakeAsync("other", OperatorRights.Of(OperatorRole.Viewer), ApiTokenDesk.Usual, "token ci", default)).Refused);
    }

    [Fact]
    public async Task Of_two_who_take_a_name_at_once_one_gets_it_and_a_name_is_free_again_when_its_token_has_ended()
    {
        var rig = await new ApiTokenRig(new MemoryRecordStore()).PeopledAsync();
        rig.Faulty.Meanwhile = () => rig.Beside().MakeAsync("ci");
        await Assert.ThrowsAsync<StaleRecordException>(() => rig.MakeAsync("ci"));
        Assert.Contains("already", (await rig.Desk.MakeAsync("ci", OperatorRights.Of(OperatorRole.Viewer), ApiTokenDesk.Usual, "ann", default)).Refused);
        await rig.Desk.RevokeAsync("ci", "ann", default);
        var (second, other) = (await rig.MakeAsync("ci"), rig.Beside());
        Assert.NotNull(await other.WhoAsync(second));
        rig.Time.Advance(ApiTokenDesk.Usual);
        var third = await rig.MakeAsync("ci");
        Assert.NotNull(await other.WhoAsync(third));
        Assert.Null(await other.WhyAsync(second));
    }

    [Fact]
    public async Task What_ended_is_cleared_after_thirty_days_also_where_another_silo_remembers_it()
    {
        var rig = await new ApiTokenRig(new MemoryRecordStore()).PeopledAsync();
        var (old, other) = (await rig.MakeAsync("ci", TimeSpan.FromHours(1)), rig.Beside());
        Assert.NotNull(await other.WhoAsync(old));
        await rig.UsedAsync("ci", rig.Time.GetUtcNow());
        await rig.MakeAsync("stays");
        rig.Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        await rig.Desk.TidyAsync(default);
        Assert.Equal(ApiTokenView.Expired, (await rig.ViewAsync("ci")).State);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.Desk.TidyAsync(default);
        Assert.Equal(["stays"], (await rig.Desk.ListAsync(default)).Select(one => one.Name));
        Assert.Null(await rig.WhyAsync(old));
        // A row that begins anew has a smaller version than the other silo remembers.
        Assert.NotNull(await other.WhoAsync(await rig.MakeAsync("ci")));
    }

    [Fact]
    public async Task A42_A_mesh_has_so_many_tokens_and_no_more_and_as_many_that_ended()
    {
        var rig = await new ApiTokenRig(new MemoryRecordStore()).PeopledAsync();
        for (var i = 0; i < ApiTokenDesk.Most; i++) await rig.MakeAsync($"t{i}");
        Assert.Contains("at most 200", (await rig.Desk.MakeAsync("more", OperatorRights.Of(OperatorRole.Viewer), ApiTokenDesk.Usual, "ann", default)).Refused);
        for (var i = 0; i < ApiTokenDesk.Most; i++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(1));
            await rig.Desk.RevokeAsync($"t{i}", "ann", default);
        }
        await rig.MakeAsync("more");
        await rig.Desk.RevokeAsync("more", "ann", default);
        await rig.Desk.TidyAsync(default);
        var left = (await rig.Desk.ListAsync(default)).Select(one => one.Name).ToList();
        Assert.Equal((ApiTokenDesk.Most, false, true), (left.Count, left.Contains("t0"), left.Contains("more")));
    }

    [Fact]
    public async Task A42_Made_up_tokens_and_sessions_cost_so_many_looks_a_second_together_and_what_is_known_is_not_held_up()
    {
        var rows = new CountingReads(new MemoryRecordStore());
        var rig = await new ApiTokenRig(rows).PeopledAsync();
        var text = await rig.MakeAsync("ci");
        var looks = new LookLimit(rig.Time);
        var desk = new ApiTokenDesk(rows, rig.Book, looks, rig.Told.Add, rig.Time, ApiTokenRig.Believed);
        var sessions = new OperatorDesk(rows, rig.Book, looks, rig.Time, ApiTokenRig.Believed);
        await desk.LoadAsync(default);
        rows.Reads = 0;
        for (var i = 0; i < 400; i++)
        {
            Assert.Null((await desk.AuthenticateAsync(Secret.Create("tma_ci_"), default)).Identity);
            Assert.Null(await sessions.AuthenticateAsync(Secret.Create("tms_"), default));
        }
        Assert.Equal(LookLimit.Most, rows.Reads);
        Assert.NotNull((await desk.AuthenticateAsync(text, default)).Identity);
        rig.Time.Advance(ApiTokenRig.Believed * 2);
        Assert.NotNull((await desk.AuthenticateAsync(text, default)).Identity);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"grants":[],"hash":"HASH","createdAt":"2026-01-01T00:00:00Z","createdBy":"ann","maker":"MAKER","expiresAt":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"grants":[null],"hash":"HASH","createdAt":"2026-01-01T00:00:00Z","createdBy":"ann","maker":"MAKER","expiresAt":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"grants":[{"role":"God"}],"hash":"HASH","createdAt":"2026-01-01T00:00:00Z","createdBy":"ann","maker":"MAKER","expiresAt":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"grants":[{}],"hash":"HASH","createdAt":"2026-01-01T00:00:00Z","createdBy":"ann","maker":"MAKER","expiresAt":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"grants":[{"role":"Admin"}],"createdAt":"2026-01-01T00:00:00Z","createdBy":"ann","maker":"MAKER","expiresAt":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"grants":[{"role":"Admin"}],"hash":"HASH","createdAt":"2026-01-01T00:00:00Z","createdBy":"ann","expiresAt":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"grants":[{"role":"Admin"}],"hash":"HASH","createdAt":"2026-01-01T00:00:00Z","createdBy":"ann","maker":"MAKER"}""")]
    public async Task A43_A_row_that_is_not_whole_is_told_once_and_lets_nobody_in_and_nothing_else_is_concerned(string row)
    {
        var rows = new MemoryRecordStore();
        var rig = await new ApiTokenRig(rows).PeopledAsync();
        var (text, other) = (await rig.MakeAsync("ci"), await rig.MakeAsync("other"));
        using var stored = JsonDocument.Parse((await rows.ReadAsync("api-token", "ci", default))!.Value);
        var (hash, maker) = (stored.RootElement.GetProperty("hash").GetString(), stored.RootElement.GetProperty("maker").GetString());
        Assert.Equal(Secret.Hash(text), hash);
        await rows.WriteAsync("api-token", "ci", 1, Encoding.UTF8.GetBytes(row.Replace("HASH", hash, StringComparison.Ordinal).Replace("MAKER", maker, StringComparison.Ordinal)), default);
        var again = rig.Beside();
        await again.Desk.LoadAsync(default);
        await again.Desk.TidyAsync(default);
        for (var i = 0; i < 3; i++) Assert.Null(await again.WhyAsync(text));
        Assert.NotNull(await again.WhoAsync(other));
        Assert.Equal(ApiTokenView.Unreadable, (await again.ViewAsync("ci")).State);
        Assert.Contains("The stored API token 'ci' cannot be read", Assert.Single(again.Told));
        // Its name stays taken until somebody revokes it, and then it is gone.
        Assert.Contains("revoke it first", (await again.Desk.MakeAsync("ci", OperatorRights.Of(OperatorRole.Viewer), ApiTokenDesk.Usual, "ann", default)).Refused);
        Assert.NotNull((await again.Desk.RevokeAsync("ci", "ann", default)).Token);
        Assert.Null(await rows.ReadAsync("api-token", "ci", default));
        await again.MakeAsync("ci");
    }

    [Fact]
    public async Task A_use_is_written_once_an_hour_behind_the_request_and_what_fails_there_fails_nothing()
    {
        var rig = await new ApiTokenRig().PeopledAsync();
        var text = await rig.MakeAsync("ci");
        Assert.Null((await rig.ViewAsync("ci")).UsedAt);
        var (first, writes) = (rig.Time.GetUtcNow(), rig.Faulty.Writes);
        // A store that hangs holds up nobody.
        var held = new TaskCompletionSource();
        rig.Faulty.Held = held.Task;
        for (var i = 0; i < 20; i++) Assert.NotNull(await rig.WhoAsync(text));
        held.SetResult();
        await rig.UsedAsync("ci", first);
        rig.Time.Advance(TimeSpan.FromMinutes(59));
        for (var i = 0; i < 20; i++) Assert.NotNull(await rig.WhoAsync(text));
        Assert.Equal(writes + 1, rig.Faulty.Writes);
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        rig.Faulty.Fail(1, afterWriting: false);
        Assert.NotNull(await rig.WhoAsync(text));
        await Eventually.TrueAsync(() => rig.Told.Count > 0, "the trouble to be told");
        Assert.Contains("That the API token ci was used could not be written down", Assert.Single(rig.Told));
        Assert.Equal(first, (await rig.ViewAsync("ci")).UsedAt);
        rig.Time.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(await rig.WhoAsync(text));
        await rig.UsedAsync("ci", rig.Time.GetUtcNow());
    }

    [Fact]
    public async Task A_use_that_is_noted_while_somebody_revokes_keeps_no_token_alive()
    {
        var rig = await new ApiTokenRig(new MemoryRecordStore()).PeopledAsync();
        var (text, other) = (await rig.MakeAsync("ci"), rig.Beside());
        // Between the look at the row and the revocation of it another silo writes that it was used.
        rig.Faulty.Meanwhile = async () =>
        {
            Assert.NotNull(await other.WhoAsync(text));
            await other.UsedAsync("ci", other.Time.GetUtcNow());
        };
        Assert.NotNull((await rig.Desk.RevokeAsync("ci", "bob", default)).Token);
        Assert.Contains("was revoked", await rig.WhyAsync(text));
        Assert.Equal(rig.Time.GetUtcNow(), (await rig.ViewAsync("ci")).UsedAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_revocation_of_which_nobody_knows_whether_it_is_written_is_looked_up(bool written)
    {
        var rig = await new ApiTokenRig().PeopledAsync();
        var text = await rig.MakeAsync("ci");
        rig.Faulty.Fail(1, written);
        await Assert.ThrowsAsync<IOException>(() => rig.Desk.RevokeAsync("ci", "bob", default));
        Assert.Equal(written, await rig.WhoAsync(text) is null);
    }

    /// <summary>Counts the looks for single rows of tokens and sessions.</summary>
    private sealed class CountingReads(IRecordStore inner) : IRecordStore
    {
        public int Reads { get; set; }

        public Task<TrustMesh.Trust.Records.Record?> ReadAsync(string kind, string id, CancellationToken cancellation)
        {
            if (kind is "api-token" or "operator-session") Reads++;
            return inner.ReadAsync(kind, id, cancellation);
        }

        public Task<IReadOnlyList<TrustMesh.Trust.Records.Record>> ListAsync(string kind, CancellationToken cancellation) => inner.ListAsync(kind, cancellation);

        public Task WriteAsync(string kind, string id, long expected, ReadOnlyMemory<byte> value, CancellationToken cancellation) => inner.WriteAsync(kind, id, expected, value, cancellation);

        public Task DeleteAsync(string kind, string id, long expected, CancellationToken cancellation) => inner.DeleteAsync(kind, id, expected, cancellation);
    }
}
