using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Wire.Tpm;

/// <summary>Response codes as sentences (TPM 2.0 Library part 2, 6.6).</summary>
public sealed class TpmErrorTests
{
    [Theory]
    [InlineData(0x000u, "unknown", null)]
    [InlineData(0x101u, "TPM_RC_FAILURE", null)]
    [InlineData(0x902u, "TPM_RC_OBJECT_MEMORY", null)]
    [InlineData(0x922u, "TPM_RC_RETRY", null)]
    [InlineData(0x98eu, "TPM_RC_AUTH_FAIL", "session 1")]
    [InlineData(0xaa2u, "TPM_RC_BAD_AUTH", "session 2")]
    [InlineData(0x18bu, "TPM_RC_HANDLE", "handle 1")]
    [InlineData(0x2d2u, "TPM_RC_SCHEME", "parameter 2")]
    [InlineData(0x1dfu, "TPM_RC_INTEGRITY", "parameter 1")]
    [InlineData(0x0a4u, "TPM_RC_POLICY_CC", null)]
    [InlineData(0xfc4u, "TPM_RC_VALUE", "parameter 15")]
    public void A_code_is_named_as_in_the_standard_with_its_place(uint code, string name, string? place)
    {
        var error = new TpmError(code);
        if (code != 0) Assert.Equal(name, error.Name);
        Assert.Equal(place, error.Place);
        Assert.Contains($"0x{code:x}", error.Sentence);
        Assert.EndsWith(".", error.Sentence);
    }

    /// <summary>The codes of the standard are told apart by tpm2-tools in the same way: tpm2_rc_decode is the peer.</summary>
    [Fact]
    public void Every_code_has_the_name_tpm2_rc_decode_gives_its_number()
    {
        Assert.SkipUnless(Parts.Command.Exists("tpm2_rc_decode"), "tpm2_rc_decode is not installed (apt-get install tpm2-tools)");
        foreach (var (code, word) in ((uint, string)[])[(0x98e, "session(1)"), (0x18b, "handle(1)"), (0x2d2, "parameter(2)"), (0x902, "out of memory for object contexts"),
            (0x921, "DA lockout mode"), (0x101, "commands not being accepted because of a TPM failure"), (0x922, "not able to start the command"), (0x1df, "integrity")])
            Assert.Contains(word, Parts.Command.Run("/", "tpm2_rc_decode", $"0x{code:x}").Output);
    }

    [Fact]
    public void Codes_of_the_kernels_resource_manager_are_the_TPMs_codes_underneath()
    {
        var error = new TpmError(0x000b0143);
        Assert.Equal(TpmRc.CommandCode, error.Rc);
        Assert.Contains("0xb0143", error.Sentence);
    }

    [Theory]
    [InlineData(0x908u)]
    [InlineData(0x90au)]
    [InlineData(0x920u)]
    [InlineData(0x922u)]
    public void Not_now_is_told_from_never(uint code) => Assert.True(new TpmError(code).IsTransient);

    [Theory]
    [InlineData(0x902u)]
    [InlineData(0x921u)]
    [InlineData(0x101u)]
    [InlineData(0x98eu)]
    public void Never_is_told_from_not_now(uint code) => Assert.False(new TpmError(code).IsTransient);

    [Fact]
    public void A_vendors_code_and_a_TPM_1_2_code_are_not_given_a_name_of_the_standard()
    {
        Assert.StartsWith("a vendor's code", new TpmError(0x502).Name);
        Assert.StartsWith("a TPM 1.2 code", new TpmError(0x001).Name);
    }
}
