using System.Runtime.InteropServices;

namespace TrustMesh.Roots.Pkcs11;

/// <summary>
/// A PKCS#11 module, loaded into this process: the one place that calls through C function pointers. CK_ULONG is as long as a pointer,
/// structures are packed as C packs them on Linux, and functions stand in CK_FUNCTION_LIST in the standard's order (3.0, 5.2).
/// </summary>
public sealed unsafe class Cryptoki : ICryptoki
{
    /// <summary>Most slots, and objects of one search, that are looked at; most bytes of an attribute.</summary>
    public const int MaxSlots = 256, MaxObjects = 64, MaxAttribute = 16 * 1024;

    private const nuint SerialSession = 4, WritableSession = 2, User = 1, OsLocking = 2;
    private const nuint EcKeyPairGen = 0x1040, Ecdsa = 0x1041;

    /// <summary>The standard has one state of a module per process (5.4), so who ends it must know of the others: users of each function list.</summary>
    private static readonly Dictionary<nint, int> Users = [];
    private static readonly Lock Gate = new();

    private readonly nint* functions;
    private bool disposed;

    private Cryptoki(string module, nint* functions)
    {
        Module = module;
        this.functions = functions;
    }

    public string Module { get; }

    /// <summary>Loads and initialises a module. It stays mapped until the process ends: some crash when they are unloaded.</summary>
    /// <exception cref="RootException">No such file, no module, or one that does not start.</exception>
    public static Cryptoki Load(string path)
    {
        if (!File.Exists(path)) throw new RootException($"There is no PKCS#11 module {path}. Install the module of the token's maker and name its file in \"module\".");
        // Whoever may write the file runs code in the agent (attack A45).
        if ((File.GetUnixFileMode(path) & UnixFileMode.OtherWrite) != 0) throw new RootException($"Anybody may write the PKCS#11 module {path}. Install it anew, owned by root and with mode 0644.");
        nint library, export;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new RootException($"{path} can not be loaded: {Wire.Grammar.Fit(e.Message)} Check that it is a PKCS#11 module for this processor and that the libraries it needs are installed.", e);
        }
        if (!NativeLibrary.TryGetExport(library, "C_GetFunctionList", out export)) throw new RootException($"{path} is no PKCS#11 module: it has no C_GetFunctionList. Name the module of the token's maker in \"module\".");
        nint* list;
        var rv = ((delegate* unmanaged[Cdecl]<nint**, nuint>)export)(&list);
        if (rv != 0 || list is null) throw new RootException($"{path}: C_GetFunctionList failed: {new Pkcs11Exception("C_GetFunctionList", (CkRv)rv).Message}");
        var version = (byte*)list;
        if (version[0] is < 2 or > 3) throw new RootException($"{path} speaks PKCS#11 {version[0]}.{version[1]}; versions 2 and 3 are understood. Install a newer module.");
        return Start(path, list);
    }

    public IReadOnlyList<nuint> Slots()
    {
        var call = (delegate* unmanaged[Cdecl]<byte, nuint*, nuint*, nuint>)functions[5];
        // Only when it is asked for their number a module looks whether slots came or went.
        nuint count;
        Check("C_GetSlotList", call(1, null, &count));
        if (count > MaxSlots) throw new RootException($"{Module} shows {count} slots, at most {MaxSlots} are looked at. Configure fewer.");
        var slots = new nuint[MaxSlots];
        count = MaxSlots;
        fixed (nuint* first = slots) Check("C_GetSlotList", call(1, first, &count));
        return slots[..(int)count];
    }

    public TokenDescription Describe(nuint slot)
    {
        // Twice as long as the structures are: a module that packs them otherwise harms nothing.
        byte[] slotInfo = new byte[2 * TokenDescription.SlotSize], tokenInfo = new byte[2 * TokenDescription.TokenSize];
        fixed (byte* info = slotInfo) Check("C_GetSlotInfo", ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint>)functions[6])(slot, info));
        fixed (byte* info = tokenInfo) Check("C_GetTokenInfo", ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint>)functions[7])(slot, info));
        return TokenDescription.Read(slot, slotInfo, tokenInfo);
    }

    public nuint OpenSession(nuint slot, bool writable)
    {
        nuint session;
        Check("C_OpenSession", ((delegate* unmanaged[Cdecl]<nuint, nuint, void*, void*, nuint*, nuint>)functions[13])(slot, SerialSession | (writable ? WritableSession : 0), null, null, &session));
        return session;
    }

    public void CloseSession(nuint session) => Check("C_CloseSession", ((delegate* unmanaged[Cdecl]<nuint, nuint>)functions[14])(session));

    public void Login(nuint session, ReadOnlySpan<byte> pin)
    {
        nuint rv;
        fixed (byte* first = pin) rv = ((delegate* unmanaged[Cdecl]<nuint, nuint, byte*, nuint, nuint>)functions[19])(session, User, first, (nuint)pin.Length);
        if (rv != (nuint)CkRv.UserAlreadyLoggedIn) Check("C_Login", rv);
    }

    public IReadOnlyList<nuint> Find(nuint session, CkTemplate wanted)
    {
        using var template = new PinnedTemplate(wanted);
        Check("C_FindObjectsInit", ((delegate* unmanaged[Cdecl]<nuint, void*, nuint, nuint>)functions[27])(session, template.First, template.Count));
        var found = new List<nuint>();
        nuint rv, count;
        do
        {
            nuint one;
            rv = ((delegate* unmanaged[Cdecl]<nuint, nuint*, nuint, nuint*, nuint>)functions[28])(session, &one, 1, &count);
            if (rv == 0 && count == 1) found.Add(one);
        }
        while (rv == 0 && count == 1 && found.Count < MaxObjects);
        var final = ((delegate* unmanaged[Cdecl]<nuint, nuint>)functions[29])(session);
        Check("C_FindObjects", rv);
        Check("C_FindObjectsFinal", final);
        return found;
    }

    public byte[]? Attribute(nuint session, nuint instance, CkAttribute attribute)
    {
        var call = (delegate* unmanaged[Cdecl]<nuint, nuint, nuint*, nuint, nuint>)functions[25];
        // CK_ATTRIBUTE: type, value, length.
        var asked = stackalloc nuint[3] { (uint)attribute, 0, 0 };
        var rv = (CkRv)call(session, instance, asked, 1);
        if (rv is CkRv.AttributeTypeInvalid or CkRv.AttributeSensitive || rv == CkRv.Ok && asked[2] == nuint.MaxValue) return null;
        Check("C_GetAttributeValue", (nuint)rv);
        if (asked[2] > MaxAttribute) throw new RootException($"{Module}: an object's {attribute} has {asked[2]} bytes, at most {MaxAttribute} are taken. Remove the object from the token, or choose another keyLabel.");
        var value = new byte[(int)asked[2]];
        if (value.Length == 0) return value;
        fixed (byte* first = value)
        {
            asked[1] = (nuint)first;
            Check("C_GetAttributeValue", call(session, instance, asked, 1));
        }
        return value[..(int)Math.Min(asked[2], (nuint)value.Length)];
    }

    public nuint GenerateKeyPair(nuint session, CkTemplate publicKey, CkTemplate privateKey)
    {
        using PinnedTemplate first = new(publicKey), second = new(privateKey);
        var mechanism = stackalloc nuint[3] { EcKeyPairGen, 0, 0 };
        nuint publicHandle, privateHandle;
        Check("C_GenerateKeyPair", ((delegate* unmanaged[Cdecl]<nuint, nuint*, void*, nuint, void*, nuint, nuint*, nuint*, nuint>)functions[60])(
            session, mechanism, first.First, first.Count, second.First, second.Count, &publicHandle, &privateHandle));
        return privateHandle;
    }

    public byte[] Sign(nuint session, nuint key, ReadOnlySpan<byte> digest)
    {
        var mechanism = stackalloc nuint[3] { Ecdsa, 0, 0 };
        Check("C_SignInit", ((delegate* unmanaged[Cdecl]<nuint, nuint*, nuint, nuint>)functions[43])(session, mechanism, key));
        var signature = new byte[256];
        var length = (nuint)signature.Length;
        fixed (byte* data = digest, into = signature)
            Check("C_Sign", ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint, byte*, nuint*, nuint>)functions[44])(session, data, (nuint)digest.Length, into, &length));
        return signature[..(int)Math.Min(length, (nuint)signature.Length)];
    }

    public byte[] Random(nuint session, int count)
    {
        var random = new byte[count];
        fixed (byte* first = random) Check("C_GenerateRandom", ((delegate* unmanaged[Cdecl]<nuint, byte*, nuint, nuint>)functions[65])(session, first, (nuint)count));
        return random;
    }

    public nuint Create(nuint session, CkTemplate instance)
    {
        using var template = new PinnedTemplate(instance);
        nuint handle;
        Check("C_CreateObject", ((delegate* unmanaged[Cdecl]<nuint, void*, nuint, nuint*, nuint>)functions[21])(session, template.First, template.Count, &handle));
        return handle;
    }

    public void Destroy(nuint session, nuint instance) => Check("C_DestroyObject", ((delegate* unmanaged[Cdecl]<nuint, nuint, nuint>)functions[23])(session, instance));

    /// <summary>C_Finalize, if nobody else in this process uses the module.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (disposed) return;
            disposed = true;
            if (--Users[(nint)functions] > 0) return;
            Users.Remove((nint)functions);
            // What a module says about its own end helps nobody any more.
            _ = ((delegate* unmanaged[Cdecl]<void*, nuint>)functions[2])(null);
        }
    }

    private static Cryptoki Start(string path, nint* list)
    {
        lock (Gate)
        {
            if (!Users.TryGetValue((nint)list, out var users))
            {
                // CK_C_INITIALIZE_ARGS: four mutex functions, flags, reserved.
                var arguments = stackalloc nuint[6] { 0, 0, 0, 0, OsLocking, 0 };
                var initialize = (delegate* unmanaged[Cdecl]<nuint*, nuint>)list[1];
                var rv = (CkRv)initialize(arguments);
                // One caller at a time is what we are, so a module that can not lock will do.
                if (rv == CkRv.CantLock) rv = (CkRv)initialize(null);
                if (rv is not (CkRv.Ok or CkRv.CryptokiAlreadyInitialized)) throw new RootException($"{path} does not start: C_Initialize failed: {new Pkcs11Exception("C_Initialize", rv).Message}");
            }
            Users[(nint)list] = users + 1;
            return new(path, list);
        }
    }

    private static void Check(string function, nuint rv)
    {
        if (rv != 0) throw new Pkcs11Exception(function, (CkRv)rv);
    }

    /// <summary>A template where C can read it: an array of CK_ATTRIBUTE, and behind it the values.</summary>
    private sealed class PinnedTemplate : IDisposable
    {
        private readonly byte* memory;

        public PinnedTemplate(CkTemplate template)
        {
            var attributes = template.Attributes;
            var heads = attributes.Count * 3 * sizeof(nuint);
            Count = (nuint)attributes.Count;
            memory = (byte*)NativeMemory.AllocZeroed((nuint)(heads + attributes.Sum(one => Aligned(one.Value.Length))));
            var head = (nuint*)memory;
            var value = memory + heads;
            foreach (var (type, bytes) in attributes)
            {
                bytes.CopyTo(new Span<byte>(value, bytes.Length));
                (head[0], head[1], head[2]) = ((uint)type, (nuint)value, (nuint)bytes.Length);
                head += 3;
                value += Aligned(bytes.Length);
            }
        }

        public void* First => memory;

        public nuint Count { get; }

        public void Dispose() => NativeMemory.Free(memory);

        /// <summary>A CK_ULONG is read as one, and not every processor reads it from anywhere.</summary>
        private static int Aligned(int size) => (size + sizeof(nuint) - 1) & -sizeof(nuint);
    }
}
