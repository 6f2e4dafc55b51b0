// The local ActivitySmith for tests, as a process of its own: no account, phone or network. The kit itself never uses
// it.

#if os(Linux) || os(macOS)
    import ActivitySmithKit
    import Foundation

    /// A local ActivitySmith on a free port; it stops with ``stop()``, or when the program that started it ends.
    ///
    /// ```swift
    /// let emulator = try await EmulatorProcess.start()
    /// let account = emulator.account()
    /// try await runJob(with: account.client())
    /// #expect(try await account.stream("nightly-backup")["content_state"]?["percentage"] == 100)
    /// ```
    ///
    /// Runs the program `asmith`: from the variable `ASMITH_BIN`, or on the `PATH`.
    public struct EmulatorProcess: Sendable {
        /// Where its API is.
        public let baseURL: String
        private let port: UInt16
        private let process: Process

        /// Starts one and waits until it listens.
        ///
        /// - Parameters:
        ///   - program: The program `asmith`, where it is neither in the variable `ASMITH_BIN` nor on the `PATH`.
        ///   - arguments: Those of `asmith emulate`, for example `["--limits", "none"]`.
        ///   - timeout: The timeout of the start: at most one day.
        /// - Throws: ``EmulatorError``, or Foundation's error where the program cannot be run.
        public static func start(
            program: String? = nil, arguments: [String] = [], timeout: Duration = .seconds(30)
        ) async throws -> EmulatorProcess {
            let (process, pipe) = (Process(), Pipe())
            let asmith = program ?? ProcessInfo.processInfo.environment["ASMITH_BIN"] ?? "asmith"
            // It looks for the program on the PATH, and becomes it.
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [asmith, "--quiet", "emulate", "--exit-with-parent", "--port", "0"] + arguments
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = pipe
            try process.run()
            // Its output ends with it, and the wait for a greeting with that.
            let alarm = Task {
                // One of more nanoseconds than 64 bits count would stop the program.
                try await Task.sleep(for: min(max(timeout, .zero), .seconds(86_400)))
                end(process)
            }
            let output = pipe.fileHandleForReading
            let greeting = try await onThread {
                var line = Data()
                while let byte = try output.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) { line += byte }
                return String(decoding: line, as: UTF8.self)
            }
            alarm.cancel()
            let beginning = "listening on "
            guard greeting.hasPrefix(beginning), let url = URL(string: String(greeting.dropFirst(beginning.count))),
                let port = url.port.flatMap(UInt16.init(exactly:))
            else {
                end(process)
                let said = "\(asmith) did not say where it listens, but: \(greeting.debugDescription)"
                throw EmulatorError(description: "\(said); put asmith on the PATH, or name it in ASMITH_BIN")
            }
            return EmulatorProcess(baseURL: url.absoluteString, port: port, process: process)
        }

        /// Stops it, and waits until it has ended. Stopping again does nothing.
        public func stop() {
            Self.end(process)
        }

        /// A new account, with streams and limits of its own.
        public func account() -> Account {
            Account(emulator: self, apiKey: "ask_test_" + UUID().uuidString.filter { $0 != "-" }.lowercased())
        }

        /// One account of an emulator.
        public struct Account: Sendable {
            /// The emulator that has it.
            public let emulator: EmulatorProcess
            /// The account's key.
            public let apiKey: String

            /// Environment variables that select this account.
            public var environment: [String: String] {
                ["ACTIVITYSMITH_BASE_URL": emulator.baseURL, "ACTIVITYSMITH_API_KEY": apiKey]
            }

            /// A client of this account, with settings of ``ActivitySmithKit/ActivitySmith``.
            public func client(
                timeout: Duration? = nil, maxRetries: Int? = nil
            ) throws(ActivitySmithError) -> ActivitySmith {
                try ActivitySmith(apiKey: apiKey, baseURL: emulator.baseURL, timeout: timeout, maxRetries: maxRetries)
            }

            /// A stream as the service has it; `content_state` is what the phone shows.
            ///
            /// - Parameter streamKey: The stream's key.
            /// - Throws: ``EmulatorError`` where there is no such stream.
            public func stream(_ streamKey: String) async throws -> LiveActivity.JSON {
                try await emulator.ask("/streams/\(streamKey)", apiKey: apiKey)
            }

            /// The account's requests, oldest first, among the newest 1,000 of all accounts.
            ///
            /// - Throws: ``EmulatorError`` where the emulator does not answer.
            public func requests() async throws -> [LiveActivity.JSON] {
                guard case .array(let requests) = try await emulator.ask("/requests", apiKey: apiKey)["requests"] else {
                    throw EmulatorError(description: "the emulator has no list of requests")
                }
                return requests
            }
        }

        /// Asks one of the emulator's own endpoints.
        private func ask(_ path: String, apiKey: String) async throws -> LiveActivity.JSON {
            let path = "/_emulator\(path)".addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? ""
            // Of the version whose answers end with the connection.
            let request = "GET \(path) HTTP/1.0\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(apiKey)\r\n\r\n"
            let answer = try await onThread { [port] in try exchange(request, port) }
            guard answer.hasPrefix("HTTP/1.0 200 "), let end = answer.range(of: "\r\n\r\n") else {
                throw EmulatorError(description: "the emulator has no \(path): \(answer)")
            }
            return try JSONDecoder().decode(LiveActivity.JSON.self, from: Data(answer[end.upperBound...].utf8))
        }

        private static func end(_ process: Process) {
            // Started from a task's thread, it has inherited that all gentler signals are blocked.
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
        }
    }

    /// Sends a request to this machine, and returns the answer up to the end of the connection. Foundation's own client
    /// would go through a proxy that the environment names, for which this machine is another one.
    private func exchange(_ request: String, _ port: UInt16) throws -> String {
        #if canImport(Darwin)
            let type = SOCK_STREAM
        #else
            let type = Int32(SOCK_STREAM.rawValue)
        #endif
        let connection = FileHandle(fileDescriptor: socket(AF_INET, type, 0), closeOnDealloc: true)
        var silence = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(
            connection.fileDescriptor, SOL_SOCKET, SO_RCVTIMEO, &silence, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection.fileDescriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        try connection.write(contentsOf: Data(request.utf8))
        return String(decoding: try connection.readToEnd() ?? Data(), as: UTF8.self)
    }

    /// Does what blocks on a thread of its own.
    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detach { continuation.resume(with: Result { try work() }) }
        }
    }

    /// Why the emulator did not start, or had no answer.
    public struct EmulatorError: LocalizedError, CustomStringConvertible {
        /// Human-readable message.
        public let description: String
        /// The same, as `localizedDescription` has it.
        public var errorDescription: String? { description }
    }
#endif
