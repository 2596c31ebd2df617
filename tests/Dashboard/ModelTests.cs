using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Tests.Dashboard;

public sealed class ModelTests
{
    private static GraphNode Device(string id, string look, string site = "oslo", string? name = null, int provenMinutesAgo = 1) => new(
        id, name ?? id, "device", site, "press", "tpm-quote", look is Looks.Pending or Looks.Suspended or Looks.Revoked ? look : "active",
        "affirming", true, look, DateTimeOffset.UnixEpoch.AddMinutes(-provenMinutesAgo), null);

    private static GraphSnapshot Snapshot(long sequence, params GraphNode[] nodes) => new(sequence, DateTimeOffset.UnixEpoch, "m", nodes, []);

    [Fact]
    public void A_delta_that_follows_is_applied()
    {
        var fleet = new FleetMirror();
        fleet.Apply(Snapshot(4, Device("a", Looks.Trusted), Device("b", Looks.Trusted)));

        Assert.True(fleet.Apply(new GraphDelta(4, 7, [Device("a", Looks.Stale)], [], ["b"])));
        Assert.Equal(Looks.Stale, Assert.Single(fleet.Devices).Value.Look);
        Assert.Equal(7, fleet.Sequence);
    }

    [Fact]
    public void A_gap_changes_nothing_and_is_seen()
    {
        var fleet = new FleetMirror();
        fleet.Apply(Snapshot(4, Device("a", Looks.Trusted)));

        Assert.False(fleet.Apply(new GraphDelta(5, 6, [Device("a", Looks.Revoked)], [], [])));
        Assert.Equal(Looks.Trusted, fleet.Devices["a"].Look);
    }

    [Fact]
    public void A_delta_heard_before_changes_nothing()
    {
        var fleet = new FleetMirror();
        fleet.Apply(Snapshot(4, Device("a", Looks.Revoked)));

        Assert.True(fleet.Apply(new GraphDelta(3, 4, [Device("a", Looks.Trusted)], [], [])));
        Assert.Equal(Looks.Revoked, fleet.Devices["a"].Look);
    }

    [Fact]
    public void Coverage_counts_only_devices_that_should_prove_themselves()
    {
        var summary = FleetSummary.Of([Device("a", Looks.Trusted), Device("b", Looks.Stale), Device("c", Looks.Pending), Device("d", Looks.Suspended), Device("e", Looks.Revoked)]);

        Assert.Equal(2, summary.Active);
        Assert.Equal(50, summary.Coverage);
        Assert.Null(FleetSummary.Of([Device("c", Looks.Pending)]).Coverage);
    }

    [Fact]
    public void Sites_come_worst_first_and_the_oldest_proof_is_of_an_active_device()
    {
        var summary = FleetSummary.Of(
        [
            Device("a", Looks.Stale, "bergen"), Device("b", Looks.Stale, "bergen", provenMinutesAgo: 9), Device("c", Looks.Contraindicated, "turku"),
            Device("d", Looks.Trusted, "aarhus"), Device("e", Looks.Revoked, "aarhus", provenMinutesAgo: 99),
        ]);

        Assert.Equal(["turku", "bergen", "aarhus"], summary.Sites.Select(site => site.Name));
        Assert.Equal("b", summary.Oldest?.Id);
    }

    [Theory]
    [InlineData("PRESS-1", "a")]
    [InlineData("turku", "b")]
    [InlineData("b", "b")]
    public void A_query_finds_by_name_site_and_start_of_the_id(string text, string found)
    {
        var devices = new[] { Device("a", Looks.Trusted, "oslo", "press-1"), Device("b", Looks.Stale, "turku", "saw-2") };

        Assert.Equal(found, Assert.Single(DeviceQuery.Parse(text, null, null, null).Of(devices, DateTimeOffset.UnixEpoch)).Id);
    }

    [Fact]
    public void A_query_survives_its_url_and_drops_what_it_does_not_know()
    {
        var query = DeviceQuery.Parse(" a&b ", "stale,trusted,made-up", "nørd hall", "risk", "hide");

        Assert.Equal("/devices?q=a%26b+status:stale,trusted+site:%22n%C3%B8rd+hall%22&mode=hide&order=risk", query.Url("/devices"));
        Assert.Equal("trustmesh device list --query 'a&b status:stale,trusted site:\"nørd hall\"'", query.Command);
        Assert.Equal(DeviceOrder.Name, DeviceQuery.Parse(null, null, null, "17").Order);
    }

    [Fact]
    public void By_risk_what_failed_comes_first()
    {
        var devices = Looks.All.Select(look => Device(look, look));

        Assert.Equal(Looks.Contraindicated, DeviceQuery.Parse(null, null, null, "risk").Of(devices, DateTimeOffset.UnixEpoch)[0].Look);
        Assert.Equal(Looks.Trusted, DeviceQuery.Parse(null, null, null, "risk").Of(devices, DateTimeOffset.UnixEpoch)[^1].Look);
    }

    [Fact]
    public void A_because_list_shows_failures_first_and_an_unknown_outcome_is_no_pass()
    {
        Because Line(string outcome) => new(outcome, outcome, "", "", "", outcome);

        var order = BecauseOrder.Of([Line("pass"), Line("not-compared"), Line("fail"), Line("warn"), Line("from-the-future")]).Select(line => line.Outcome);

        Assert.Equal(["fail", "from-the-future", "not-compared", "warn", "pass"], order);
    }

    [Fact]
    public void Every_look_has_words_and_only_trusted_is_without_risk()
    {
        Assert.All(Looks.All, look =>
        {
            Assert.NotEqual(look, LookText.Label(look));
            Assert.NotEmpty(LookText.Meaning(look));
            Assert.Equal(look == Looks.Trusted, LookText.Risk(look) == 0);
        });
    }

    [Theory]
    [InlineData("sha256 0123456789abcdef0123456789abcdeffedcba98", "sha256 01234567…fedcba98")]
    [InlineData("deadbeef", "deadbeef")]
    [InlineData("valid", "valid")]
    public void Long_hex_is_shortened_and_nothing_else(string text, string shown) => Assert.Equal(shown, Digests.Short(text));

    [Theory]
    [InlineData("/devices?look=stale", "/devices?look=stale")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/sign-out", "/")]
    [InlineData("/a\r\nSet-Cookie: x", "/")]
    [InlineData(null, "/")]
    public void The_way_back_after_a_sign_in_stays_here(string? back, string expected) => Assert.Equal(expected, SignInAddress.Local(back));

    [Theory]
    [InlineData("viewer", false, false)]
    [InlineData("operator", true, false)]
    [InlineData("approver", true, false)]
    [InlineData("admin", true, true)]
    [InlineData("root", false, false)]
    public void An_unknown_role_may_only_look(string role, bool operate, bool administer)
    {
        var rights = new Rights("x", role);

        Assert.Equal((operate, administer), (rights.MayOperate, rights.MayAdminister));
        Assert.Equal(operate, rights.OperateMissing is null);
    }

    [Fact]
    public void A_right_at_one_site_is_missing_at_another_and_the_sentence_names_the_site()
    {
        var rights = new Rights("x", "viewer", [new Grant("viewer"), new Grant("approver", ["oslo"])]);

        Assert.Null(rights.MissingTo("approve", "pending", "oslo"));
        Assert.Null(rights.MissingTo("suspend", "active", "oslo"));
        Assert.Equal("Needs approver for site bergen; you are signed in as viewer, approver at oslo.", rights.MissingTo("approve", "pending", "bergen"));
        Assert.Equal("Needs approver for site bergen; you are signed in as viewer, approver at oslo.", rights.MissingTo("revoke", "pending", "bergen"));
        Assert.Equal("Needs operator for site bergen; you are signed in as viewer, approver at oslo.", rights.MissingTo("revoke", "active", "bergen"));
        Assert.Equal("Needs operator for the whole mesh; you are signed in as viewer, approver at oslo.", rights.Missing("operator", null));
    }

    [Theory]
    [InlineData("affirming", true, 5, Looks.Trusted)]
    [InlineData("affirming", true, -1, Looks.Stale)]
    [InlineData("affirming", false, 5, Looks.Stale)]
    [InlineData("warning", true, 5, Looks.Warning)]
    [InlineData("contraindicated", true, -1, Looks.Contraindicated)]
    [InlineData("none", true, 5, Looks.Unproven)]
    [InlineData("something new", true, 5, Looks.Unproven)]
    public void A_word_of_a_peer_runs_out_by_our_own_clock(string status, bool fresh, int secondsLeft, string look) =>
        Assert.Equal(look, EdgeText.Look(status, fresh, DateTimeOffset.UnixEpoch.AddSeconds(secondsLeft), DateTimeOffset.UnixEpoch));

    [Theory]
    [InlineData("a~b", "a>b")]
    [InlineData("a~b~c", null)]
    [InlineData("~b", null)]
    [InlineData("a", null)]
    [InlineData(null, null)]
    public void An_edge_in_an_address_has_two_ends_or_is_none(string? text, string? key) => Assert.Equal(key, EdgeEnds.Parse(text)?.Key);

    [Fact]
    public void A44_A_name_in_a_sentence_cannot_turn_the_others_around()
    {
        Assert.Equal("a\uFFFDb", NameText.Plain("a\u202Eb"));
        Assert.Equal("line\uFFFDfeed", NameText.Plain("line\nfeed"));
        Assert.Equal(new string('x', 64) + "…", NameText.Plain(new string('x', 300)));
        Assert.Equal("ø 工 🙂", NameText.Plain("ø 工 🙂"));
    }

    [Fact]
    public void Edges_are_listed_worst_first_and_found_by_either_end()
    {
        PeerEdge Edge(string from, string to, string status, int left = 60) => new(
            from, $"{from}-name", to, $"{to}-name", status, "tpm-quote", true, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(left), false);
        PeerEdge[] edges = [Edge("a", "b", "affirming"), Edge("c", "a", "affirming", -1), Edge("b", "c", "contraindicated"), Edge("a", "c", "warning")];

        string Keys(string query, string looks = "")
        {
            Assert.True(EdgeQuery.TryParse(query, looks, out var asked, out var problem), problem);
            var meant = asked.Of(edges, id => id == "c" ? null : new DeviceFacts(id, $"{id}-name", "oslo", "", "", "active", Looks.Trusted, null, null, null, null, null, null, null), DateTimeOffset.UnixEpoch);
            return string.Join(' ', EdgeQuery.WorstFirst(meant, DateTimeOffset.UnixEpoch).Select(edge => edge.From + edge.To));
        }

        Assert.Equal("bc ca ac ab", Keys(""));
        Assert.Equal("ca", Keys("", Looks.Stale));
        Assert.Equal("bc ac", Keys("", $"{Looks.Contraindicated},{Looks.Warning}"));
        Assert.Equal("bc ab", Keys("name:b-*"));
        // Who is not known any more is found by nothing but a query that asks nothing.
        Assert.Equal("", Keys("name:c-name"));
        Assert.False(EdgeQuery.TryParse("", "trusted,revoked", out _, out var wrong));
        Assert.StartsWith("look must be one or more of trusted,", wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(812, "812 ms")]
    [InlineData(1450, "1,450 ms")]
    [InlineData(12_340, "12.3 s")]
    [InlineData(600_000, "10 min")]
    public void Milliseconds_are_told_in_words(long milliseconds, string words) => Assert.Equal(words, Spans.Milliseconds(milliseconds));

    [Theory]
    [InlineData("peer")]
    [InlineData("alarm")]
    [InlineData("revocation")]
    public void Every_kind_of_event_of_the_mesh_has_words_and_a_mark(string kind)
    {
        Assert.NotEqual(kind, EventText.Label(kind));
        Assert.NotEqual("plain", EventText.Tone(kind));
    }
}
