using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;

namespace TrustMesh.Tests.Contracts.Queries;

public sealed class FleetQueryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private static readonly DeviceFacts Press = new(
        "agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi", "press-1", "oslo", "press", "tpm-quote", "active", Looks.Contraindicated,
        Now.AddMinutes(-12), Now.AddMinutes(3), Now.AddHours(-2), Now.AddDays(-3), "0007005511cb0000", "trustmesh-agent 0.1.0-rc.2", 4, ["lab", "line-3"]);

    private static readonly DeviceFacts Stranger = new(
        "agzzzzzzzzzzd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi", "camera-9", "bergen", "camera", "software", "pending", Looks.Pending, null, null, null, Now.AddMinutes(-1), null, null, null);

    [Theory]
    [InlineData("", true, true)]
    [InlineData("   ", true, true)]
    [InlineData("press", true, false)]
    [InlineData("PRESS-1", true, false)]
    [InlineData("ress", true, false)]
    [InlineData("ress*", false, false)]
    [InlineData("*ess-1", true, false)]
    [InlineData("oslo press", true, false)]
    [InlineData("oslo camera", false, false)]
    [InlineData("-press", false, true)]
    [InlineData("oslo,bergen", true, true)]
    [InlineData("agubuv", true, false)]
    [InlineData("ubuvjq", true, false)]
    [InlineData("buvjq", false, false)]
    [InlineData("id:ubuvjq", true, false)]
    [InlineData("id:zzzz", false, true)]
    [InlineData("site:oslo", true, false)]
    [InlineData("site=oslo", true, false)]
    [InlineData("SITE:OSLO", true, false)]
    [InlineData("site:osl", false, false)]
    [InlineData("site:osl*", true, false)]
    [InlineData("site:*l*", true, false)]
    [InlineData("site:*", true, true)]
    [InlineData("site:\"osl*\"", false, false)]
    [InlineData("site:oslo,bergen", true, true)]
    [InlineData("site!=oslo", false, true)]
    [InlineData("-site!=oslo", true, false)]
    [InlineData("site!=oslo,bergen", false, false)]
    [InlineData("-site:bergen", true, false)]
    [InlineData("status:failed", true, false)]
    [InlineData("look:contraindicated", true, false)]
    [InlineData("status:Pending", false, true)]
    [InlineData("status:un*", false, false)]
    [InlineData("standing:pending", false, true)]
    [InlineData("tier:software", false, true)]
    [InlineData("tier:tpm*", true, false)]
    [InlineData("age>10m", true, false)]
    [InlineData("age>12m", false, false)]
    [InlineData("age>=12m", true, false)]
    [InlineData("age<1h", true, false)]
    [InlineData("age:none", false, true)]
    [InlineData("-age:none", true, false)]
    [InlineData("-age>10m", false, true)]
    [InlineData("expires<5m", true, false)]
    [InlineData("expires<=180s", true, false)]
    [InlineData("since>1h", true, false)]
    [InlineData("enrolled<1w", true, true)]
    [InlineData("enrolled>2d", true, false)]
    [InlineData("fw<7.86", true, false)]
    [InlineData("fw:7.85.4555", true, false)]
    [InlineData("fw:0007005511cb0000", true, false)]
    [InlineData("fw>=7.85.4555.1", false, false)]
    [InlineData("fw:0007*", true, false)]
    [InlineData("fw:none", false, true)]
    [InlineData("fw!=7.85.4555.0", false, true)]
    [InlineData("agent<0.1", true, false)]
    [InlineData("agent<0.1.0-rc.2", false, false)]
    [InlineData("agent:0.1*", true, false)]
    [InlineData("agent:trustmesh*", true, false)]
    [InlineData("policy<4", false, false)]
    [InlineData("policy:3,4", true, false)]
    [InlineData("policy!=4", false, true)]
    [InlineData("tag:lab", true, false)]
    [InlineData("tags=LAB", true, false)]
    [InlineData("tag:lab,prod", true, false)]
    [InlineData("tag:la", false, false)]
    [InlineData("tag:line*", true, false)]
    [InlineData("-tag:lab", false, true)]
    [InlineData("tag!=prod", true, true)]
    [InlineData("tag!=line-3", false, true)]
    [InlineData("tag:lab tag:line-3", true, false)]
    [InlineData("tag:lab tag:prod", false, false)]
    [InlineData("tag:none", false, true)]
    [InlineData("-tag:none", true, false)]
    [InlineData("tag:\"none\"", false, false)]
    [InlineData("site:oslo status:failed age>10m tier:tpm-quote fw<7.86 -tag:prod", true, false)]
    [InlineData("site:oslo status:failed age>10m tier:tpm-quote fw<7.86 -model:camera", true, false)]
    public void Finds_what_it_says(string text, bool press, bool stranger)
    {
        Assert.True(FleetQuery.TryParse(text, out var query, out var problem), problem?.ToString());
        Assert.Equal((press, stranger), (query.Matches(Press, Now), query.Matches(Stranger, Now)));
    }

    [Theory]
    [InlineData("sit:oslo", "Character 1: unknown field \"sit\": did you mean \"site\"?.")]
    [InlineData("press  -stats:failed", "Character 9: unknown field \"stats\": did you mean \"status\"?.")]
    [InlineData("qqqq:1", "Character 1: unknown field \"qqqq\": write one of status, site, tier")]
    [InlineData("site:", "Character 6: site needs a value, such as site:oslo.")]
    [InlineData("site:oslo,", "Character 11: site needs a value")]
    [InlineData("site:,oslo", "Character 6: site needs a value")]
    [InlineData("site : oslo", "Character 6: the name of a field is missing directly before \":\"")]
    [InlineData("site!oslo", "Character 5: \"!\" is only known as \"!=\"")]
    [InlineData("site>oslo", "Character 5: site cannot be more or less; write site:oslo or site!=")]
    [InlineData("status:trustd", "Character 8: unknown status \"trustd\": did you mean \"trusted\"?.")]
    [InlineData("status:zz*", "Character 8: no status is like \"zz*\"; it is one of trusted")]
    [InlineData("age>10", "Character 5: \"10\" is no time; write a number and s, m, h, d or w, such as age>10m.")]
    [InlineData("age>10y", "Character 5: \"10y\" is no time")]
    [InlineData("age>-1m", "Character 5: \"-1m\" is no time")]
    [InlineData("age:10m", "Character 5: age is hardly ever exactly 10m; write age<10m or age>10m, or age:none.")]
    [InlineData("age>10m,20m", "Character 5: age is compared with one value")]
    [InlineData("age>none", "Character 5: age:none is not more or less than anything.")]
    [InlineData("fw<x", "Character 4: \"x\" is no version")]
    [InlineData("policy<four", "Character 8: \"four\" is no whole number")]
    [InlineData("na*me", "Character 1: \"*\" stands only at the start or the end")]
    [InlineData("-", "Character 1: \"-\" stands directly before")]
    [InlineData("a - b", "Character 3: \"-\" stands directly before")]
    [InlineData("model:\"a\"b", "Character 10: a space or a comma is missing here")]
    [InlineData("\"night shift", "Character 1: the quote is not closed")]
    [InlineData("\"\"", "Character 1: a word is missing here")]
    [InlineData("a\u0000b", "Character 2: this character cannot be seen; remove it.")]
    [InlineData("a\u202eb", "Character 2: this character cannot be seen")]
    [InlineData("a\nb", "Character 2: this character cannot be seen")]
    public void Says_where_it_goes_wrong_and_the_fix(string text, string begins)
    {
        Assert.False(FleetQuery.TryParse(text, out var query, out var problem));
        Assert.Null(query);
        Assert.StartsWith(begins.Replace("?.", "?", StringComparison.Ordinal), problem.ToString(), StringComparison.Ordinal);
        Assert.InRange(problem.Position + problem.Length - 1, 1, text.Length + 1);
    }

    [Fact]
    public void A42_Length_terms_and_values_have_caps()
    {
        Assert.True(FleetQuery.TryParse(new string('a', FleetQuery.MostCharacters), out _, out _));
        AssertRefused(new string('a', FleetQuery.MostCharacters + 1), "at most 1024 characters");
        AssertRefused(new string('a', 10_000), "at most 1024 characters, this one has 10000");
        Assert.True(FleetQuery.TryParse(string.Join(' ', Enumerable.Repeat("a", FleetQuery.MostTerms)), out _, out _));
        AssertRefused(string.Join(' ', Enumerable.Repeat("a", FleetQuery.MostTerms + 1)), "at most 32 terms");
        Assert.True(FleetQuery.TryParse(string.Join(',', Enumerable.Repeat("a", FleetQuery.MostValues)), out _, out _));
        AssertRefused(string.Join(',', Enumerable.Repeat("a", FleetQuery.MostValues + 1)), "at most 64 values");
        AssertRefused(string.Concat(Enumerable.Repeat("\"", 999)), "a word is missing");
        AssertRefused("a\ud800b", "cannot be seen");
    }

    [Fact]
    public void A28_No_text_makes_it_throw_or_takes_its_own_time()
    {
        const string signs = "ab:=!<>\"*,- \u00e9\u202e\u0000\ud83d\ude00sitestatusagefw10m.";
        var random = new Random(11);
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Create(random.Next(0, 40), random, static (into, dice) =>
            {
                for (var i = 0; i < into.Length; i++) into[i] = signs[dice.Next(signs.Length)];
            });
            if (FleetQuery.TryParse(text, out var query, out var problem))
            {
                query.Matches(Press, Now);
                query.Matches(Stranger, Now);
                Assert.All(query.Terms, term => Assert.InRange(term.Start + term.Length, 1, text.Length));
            }
            else
            {
                Assert.InRange(problem.Position, 1, text.Length + 1);
                Assert.True(problem.Length >= 1);
                Assert.DoesNotContain(problem.ToString(), c => char.IsControl(c) || c == '\u202e');
            }
        }
    }

    [Fact]
    public void A_device_that_never_proved_itself_is_no_older_than_anything()
    {
        Assert.True(FleetQuery.TryParse("age>0s", out var old, out _));
        Assert.False(old.Matches(Stranger, Now));
        Assert.True(old.DependsOnTime);
        Assert.False(FleetQuery.Everything.DependsOnTime);
    }

    [Fact]
    public void Every_field_has_an_example_that_is_a_query_and_a_name_of_its_own()
    {
        Assert.All(QueryFields.All, field => Assert.True(FleetQuery.TryParse(field.Example, out _, out var problem), problem?.ToString()));
        var names = QueryFields.All.SelectMany(field => field.Aliases.Prepend(field.Name)).ToList();
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [InlineData("2.3", "2.3.0", 0)]
    [InlineData("2.3", "2.10", -1)]
    [InlineData("v1.0", "1.0-rc.1", 1)]
    [InlineData("1.0-rc.1", "1.0-rc.2", -1)]
    [InlineData("1.0+a", "1.0+b", 0)]
    [InlineData("0007005511cb0000", "7.85.4555", 0)]
    [InlineData("trustmesh-agent 0.2.0", "0.10", -1)]
    public void Versions_are_compared_as_versions(string left, string right, int order)
        => Assert.Equal(order, Math.Sign(VersionText.TryParse(left)!.CompareTo(VersionText.TryParse(right))));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1..2")]
    [InlineData("1.2.3.4.5.6.7.8.9")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public void What_is_no_version_is_none(string text) => Assert.Null(VersionText.TryParse(text));

    private static void AssertRefused(string text, string says)
    {
        Assert.False(FleetQuery.TryParse(text, out _, out var problem));
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
        Assert.True(problem.ToString().Length < 300);
    }
}
