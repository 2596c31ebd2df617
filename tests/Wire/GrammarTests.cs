using System.Text;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Wire;

public sealed class GrammarTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("pump-07.north")]
    [InlineData("a--..")]
    public void Names_are_lower_case_letters_digits_dots_and_dashes(string name) => Assert.True(Grammar.IsName(name));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("Pump")]
    [InlineData("-pump")]
    [InlineData(".pump")]
    [InlineData("pump 7")]
    [InlineData("pump/7")]
    [InlineData("pümp")]
    [InlineData("<script>")]
    [InlineData("a\n")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234")]
    public void Anything_else_is_no_name(string? name) => Assert.False(Grammar.IsName(name));

    [Fact]
    public void Measured_names_have_1_to_255_bytes_without_control_characters()
    {
        Assert.True(Grammar.IsMeasuredName("/etc/ställe/with space"));
        Assert.True(Grammar.IsMeasuredName(new string('a', 255)));
        Assert.False(Grammar.IsMeasuredName(new string('a', 256)));
        Assert.False(Grammar.IsMeasuredName(new string('ä', 128)));
        Assert.False(Grammar.IsMeasuredName(""));
        Assert.False(Grammar.IsMeasuredName("a\0"));
        Assert.False(Grammar.IsMeasuredName("a\u0085"));
        Assert.False(Grammar.IsMeasuredName("a\udc00"));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("line\nbreak\u001b[31m", "line\ufffdbreak\ufffd[31m")]
    public void A_finding_quotes_hostile_text_without_its_control_characters(string said, string quoted)
        => Assert.Equal(quoted, new Finding("check", said, said, said, "rule", Outcome.Fail).Got);

    [Fact]
    public void A_finding_changed_later_is_made_fit_as_well()
        => Assert.Equal("a\ufffdb", (new Finding("check", "", "", "", "rule", Outcome.Fail) with { Got = "a\nb" }).Got);

    [Fact]
    public void A_finding_replaces_half_a_character()
        => Assert.Equal("half \ufffd of one", new Finding("check", "half \ud800 of one", "", "", "rule", Outcome.Fail).Claim);

    [Theory]
    [InlineData('a')]
    [InlineData('ä')]
    [InlineData('€')]
    public void A_finding_cuts_long_text_at_a_character(char letter)
    {
        var finding = new Finding("check", new string(letter, 4000), "", "", "rule", Outcome.Fail);
        var bytes = Encoding.UTF8.GetByteCount(finding.Claim);
        Assert.InRange(bytes, 250, 255);
        Assert.EndsWith("…", finding.Claim);
        Assert.Equal(finding.Claim, Grammar.Fit(finding.Claim));
    }

    [Fact]
    public void A_result_full_of_long_findings_can_always_be_written()
    {
        var text = string.Concat(Enumerable.Repeat("\u0001😀", 2000));
        var finding = new Finding(text, text, text, text, text, Outcome.Fail);
        var result = Samples.Result with { Because = [.. Enumerable.Repeat(finding, Caps.FindingCount)] };
        var read = AttestationResult.DecodePayload(result.EncodePayload());
        Assert.Equal(Caps.FindingCount, read.Because.Count);
        Assert.Equal(finding, read.Because[^1]);
    }
}
