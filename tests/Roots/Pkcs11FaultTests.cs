using TrustMesh.Roots;
using TrustMesh.Roots.Pkcs11;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Roots;

/// <summary>A token that is pulled out, busy, full, lying or exchanged: always a sentence, never a wrong result, never a second wrong PIN.</summary>
[Collection(SoftHsmCollection.Name)]
public sealed class Pkcs11FaultTests(SoftHsm hsm) : IDisposable
{
    private static readonly EnrolChallenge Challenge = new(new byte[16], default, default, new byte[32]);

    private readonly SoftToken token = hsm.NewToken();

    [Theory]
    [InlineData(CkRv.SessionHandleInvalid)]
    [InlineData(CkRv.SessionClosed)]
    [InlineData(CkRv.DeviceRemoved)]
    [InlineData(CkRv.TokenNotPresent)]
    [InlineData(CkRv.UserNotLoggedIn)]
    [InlineData(CkRv.KeyHandleInvalid)]
    public void A_lost_session_is_opened_again_once_and_evidence_goes_on(CkRv lost)
    {
        using var module = Module();
        using var root = Pkcs11Root.Open(token.Settings(), module);
        root.Extend(new byte[32]);
        var register = root.ReadRegister();
        var faults = 1;
        module.Asked.Clear();
        module.Before = call => call == "Sign" && faults-- > 0 ? lost : null;
        var claims = Claims.Decode(root.Prove(Drafts.For(root, new byte[32])).ClaimsBytes);
        Assert.Equal(register, claims.LogHead!.Head.ToArray());
        Assert.Equal(1, module.Asked.Count(call => call == "OpenSession"));
        Assert.Equal(2, module.Asked.Count(call => call == "Sign"));
    }

    [Fact]
    public void A_token_that_stays_away_is_said_so_and_answers_when_it_is_back()
    {
        using var module = Module();
        using var root = Pkcs11Root.Open(token.Settings(), module);
        module.Before = call => call is "Sign" or "OpenSession" ? CkRv.TokenNotPresent : null;
        var gone = Assert.Throws<RootException>(() => root.Prove(Drafts.For(root, new byte[32]))).Message;
        Assert.Contains("CKR_TOKEN_NOT_PRESENT", gone);
        Assert.Contains("Put the token in", gone);
        Assert.Contains("C_OpenSession", Assert.Throws<RootException>(() => root.AnswerEnrolment(Challenge, new byte[32])).Message);
        module.Before = null;
        Assert.NotNull(root.Prove(Drafts.For(root, new byte[32])).Token);
    }

    [Theory]
    [InlineData(CkRv.DeviceError, "CKR_DEVICE_ERROR, 0x30", "Take the token out")]
    [InlineData(CkRv.MechanismInvalid, "CKR_MECHANISM_INVALID, 0x70", "CKM_ECDSA")]
    [InlineData(CkRv.KeyFunctionNotPermitted, "CKR_KEY_FUNCTION_NOT_PERMITTED, 0x68", "keyLabel")]
    [InlineData((CkRv)0x80000123, "a vendor's code 0x80000123", "maker and firmware")]
    [InlineData((CkRv)0x777, "unknown code 0x777", "maker and firmware")]
    public void A_refusal_names_function_code_and_remedy(CkRv rv, string name, string remedy)
    {
        using var module = Module();
        using var root = Pkcs11Root.Open(token.Settings(), module);
        module.Before = call => call == "Sign" ? rv : null;
        var refused = Assert.Throws<RootException>(() => root.Prove(Drafts.For(root, new byte[32])));
        foreach (var word in (string[])[SoftHsm.Module!, "signing evidence", "C_Sign", name, remedy]) Assert.Contains(word, refused.Message);
        Assert.Equal(rv, Assert.IsType<Pkcs11Exception>(refused.InnerException).Rv);
    }

    /// <summary>Every call of a whole life (open, enrol, measure, prove, remember), failed once: a sentence or no harm, and the next life is as if nothing happened.</summary>
    [Theory]
    [InlineData(CkRv.DeviceError)]
    [InlineData(CkRv.DeviceRemoved)]
    public void A_call_that_fails_at_any_place_harms_nothing(CkRv rv)
    {
        string device;
        using (var root = Pkcs11Root.Open(token.Settings(), Module())) device = root.Device.Text;
        var calls = Live(int.MaxValue, rv, out _);
        Assert.InRange(calls, 20, 120);
        for (var at = 0; at < calls; at++)
        {
            try
            {
                Live(at, rv, out var module);
                Assert.True(rv == CkRv.DeviceRemoved, $"call {at} failed and nobody noticed");
                Assert.True(module.Ended);
            }
            catch (RootException told)
            {
                // A slot that can not be described is passed over, and then no token is left.
                Assert.True(told.Message.Contains("CKR_DEVICE_", StringComparison.Ordinal) || told.Message.Contains("shows no ", StringComparison.Ordinal), told.Message);
            }
        }
        using var after = Pkcs11Root.Open(token.Settings(), Module());
        Assert.Equal(device, after.Device.Text);
        Assert.Contains(after.Recall()![0], (byte[])[1, 2]);
        Assert.NotNull(after.Prove(Drafts.For(after, new byte[32])).Token);
    }

    [Fact]
    public void A_power_cut_between_new_and_old_memory_leaves_the_new_one_and_the_next_writing_cleans_up()
    {
        using var module = Module();
        using (var root = Pkcs11Root.Open(token.Settings(), module))
        {
            root.Remember(Memory(1));
            module.Before = call => call == "Destroy" ? CkRv.DeviceError : null;
            Assert.Throws<RootException>(() => root.Remember(Memory(2)));
        }
        using var again = Pkcs11Root.Open(token.Settings(), Module());
        Assert.Equal(Memory(2), again.Recall());
        again.Remember(Memory(3));
        Assert.Equal(Memory(3), again.Recall());
        Assert.Single(token.Tool("--list-objects", "--type", "data").Split("Data object")[1..]);
    }

    [Fact]
    public void A_writing_that_fails_leaves_the_old_memory()
    {
        using var module = Module();
        using var root = Pkcs11Root.Open(token.Settings(), module);
        root.Remember(Memory(1));
        module.Before = call => call == "Create" ? CkRv.DeviceMemory : null;
        Assert.Contains("CKR_DEVICE_MEMORY", Assert.Throws<RootException>(() => root.Remember(Memory(2))).Message);
        Assert.Equal(Memory(1), root.Recall());
    }

    [Theory]
    [InlineData(CkRv.TemplateInconsistent)]
    [InlineData(CkRv.FunctionNotSupported)]
    [InlineData(CkRv.TokenWriteProtected)]
    [InlineData(CkRv.DeviceMemory)]
    public void A_token_that_keeps_no_data_still_makes_a_device_and_says_what_that_costs(CkRv rv)
    {
        var module = Module();
        module.Before = call => call == "Create" ? rv : null;
        using var root = Pkcs11Root.Open(token.Settings(), module);
        Assert.Contains("not noticed", Assert.Single(root.Notes));
        root.Remember(Memory(1));
        Assert.Equal(Memory(1), root.Recall());
    }

    [Fact]
    public void A_key_that_wants_its_PIN_for_each_signature_is_refused()
    {
        Pkcs11Root.Open(token.Settings(), Module()).Dispose();
        var module = Module();
        module.Said = (attribute, value) => attribute == CkAttribute.AlwaysAuthenticate ? [1] : value;
        Assert.Contains("before each signature", Assert.Throws<RootException>(() => Pkcs11Root.Open(token.Settings(), module)).Message);
        Assert.True(module.Ended);
    }

    [Fact]
    public void A_public_key_that_is_not_the_private_keys_is_refused()
    {
        Pkcs11Root.Open(token.Settings(), Module()).Dispose();
        File.Delete(Path.Combine(token.State, "token.key"));
        using var other = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var point = other.ExportParameters(false).Q;
        var module = Module();
        module.Said = (attribute, value) => attribute == CkAttribute.EcPoint ? [4, 65, 4, .. point.X!, .. point.Y!] : value;
        Assert.Contains("does not belong to it", Assert.Throws<RootException>(() => Pkcs11Root.Open(token.Settings(), module)).Message);
    }

    [Fact]
    public void Texts_of_a_hostile_token_are_made_fit()
    {
        var module = Module();
        module.Described = one => one with { Manufacturer = TrustMesh.Wire.Grammar.Fit("evil\u001b[2J\n") };
        using var root = Pkcs11Root.Open(token.Settings(), module);
        Assert.False(TrustMesh.Wire.Grammar.HasControl(root.Description));
        Assert.False(TrustMesh.Wire.Grammar.HasControl(root.Facts!.Manufacturer));
    }

    public void Dispose() => token.Dispose();

    private static FaultyCryptoki Module() => new(Cryptoki.Load(SoftHsm.Module!));

    private static byte[] Memory(byte value) => [.. Enumerable.Repeat(value, 32)];

    /// <returns>How many calls it took.</returns>
    private int Live(int broken, CkRv rv, out FaultyCryptoki module)
    {
        var faulty = module = Module();
        faulty.Before = _ => faulty.Asked.Count - 1 == broken ? rv : null;
        using (var root = Pkcs11Root.Open(token.Settings(), faulty))
        {
            root.AnswerEnrolment(Challenge, new byte[32]);
            root.Extend(new byte[32]);
            root.Prove(Drafts.For(root, new byte[32]));
            root.Remember(Memory(1));
            root.Recall();
            root.Remember(Memory(2));
        }
        return faulty.Asked.Count;
    }
}
