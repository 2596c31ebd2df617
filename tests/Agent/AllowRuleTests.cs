using TrustMesh.Agent.Configuration;

namespace TrustMesh.Tests.Agent;

public sealed class AllowRuleTests
{
    [Theory]
    [InlineData("10.1.0.0/16", "10.1.0.0/16")]
    [InlineData("10.0.0.9 tcp 22", "10.0.0.9/32 tcp 22")]
    [InlineData("fd00::/8 udp 53", "fd00::/8 udp 53")]
    [InlineData("0.0.0.0/0 tcp 22", "0.0.0.0/0 tcp 22")]
    [InlineData("FD00::9", "fd00::9/128")]
    [InlineData("::1", "::1/128")]
    [InlineData("128.0.0.0/1 tcp 65535", "128.0.0.0/1 tcp 65535")]
    public void Reads_what_is_written(string text, string expected)
    {
        Assert.True(AllowRule.TryParse(text, out var rule, out var problem), problem);
        Assert.Equal(expected, rule.ToString());
        Assert.Equal("", problem);
    }

    [Theory]
    [InlineData("10.1.0.1/16", "write 10.1.0.0/16, or 10.1.0.1")]
    [InlineData("fd00::1/64", "write fd00::/64")]
    [InlineData("0.0.0.0/0", "would let everyone in")]
    [InlineData("::/0", "would let everyone in")]
    [InlineData("10.1", "not an IP address")]
    [InlineData("010.0.0.1", "not an IP address")]
    [InlineData("0x0a000001", "not an IP address")]
    [InlineData("silo.example tcp 443", "not an IP address")]
    [InlineData("fe80::1%eth0", "not an IP address")]
    [InlineData("[::1]", "not an IP address")]
    [InlineData("::ffff:10.0.0.1", "write 10.0.0.1")]
    [InlineData("10.0.0.0/33", "prefix")]
    [InlineData("10.0.0.0/08", "prefix")]
    [InlineData("10.0.0.0/", "prefix")]
    [InlineData("10.0.0.0/+8", "prefix")]
    [InlineData("10.0.0.1 tcp", "protocol and port")]
    [InlineData("10.0.0.1  tcp 22", "protocol and port")]
    [InlineData("10.0.0.1 TCP 22", "write tcp or udp")]
    [InlineData("10.0.0.1 sctp 22", "write tcp or udp")]
    [InlineData("10.0.0.1 tcp 0", "from 1 to 65535")]
    [InlineData("10.0.0.1 tcp 022", "from 1 to 65535")]
    [InlineData("10.0.0.1 tcp 65536", "from 1 to 65535")]
    [InlineData("10.0.0.1 tcp 22;flush ruleset", "protocol and port")]
    [InlineData("10.0.0.1 } flush", "write tcp or udp")]
    [InlineData("10.0.0.1\n", "not an IP address")]
    [InlineData("", "must be an address")]
    public void A_wrong_entry_is_one_sentence_that_says_what_to_write(string text, string expected)
    {
        Assert.False(AllowRule.TryParse(text, out _, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A42_A_long_entry_is_refused_before_it_is_looked_at()
    {
        Assert.False(AllowRule.TryParse(new string('1', 100_000), out _, out var problem));
        Assert.InRange(problem.Length, 1, 200);
    }
}
